import { describe, expect, it } from '@jest/globals';
import { generateOutside } from '../../src/rsa/index.js';

const reason = new Error('changed my mind');
const never = () => new Promise<never>(() => undefined);

describe('the wait for a key made elsewhere', () => {
  it('gives what was made, and progress from 0 to 1 that never goes back', async () => {
    const shares: number[] = [];
    let finish: (made: string) => void = () => undefined;
    const work = new Promise<string>(resolve => {
      finish = resolve;
    });
    const onProgress = (share: number): void => {
      shares.push(share);
      if (shares.length === 4) finish('key');
    };
    expect(await generateOutside(2048, () => work, { onProgress })).toBe('key');
    expect(shares).toHaveLength(5);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBe(0);
    expect(shares[1]).toBeGreaterThan(0);
    expect(shares[3]).toBeLessThan(1);
    expect(shares[4]).toBe(1);
  });

  it('does not begin when aborted already, nor when the first progress aborts', async () => {
    let started = 0;
    const start = () => {
      started++;
      return never();
    };
    const aborted = generateOutside(2048, start, { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    await expect(generateOutside(2048, start, { signal: controller.signal, onProgress })).rejects.toBe(
      reason,
    );
    expect(started).toBe(0);
  });

  it('ends at an abort, and tells no progress after it', async () => {
    const controller = new AbortController();
    const shares: number[] = [];
    const onProgress = (share: number): void => {
      shares.push(share);
      if (shares.length === 3) controller.abort(reason);
    };
    await expect(generateOutside(2048, never, { signal: controller.signal, onProgress })).rejects.toBe(
      reason,
    );
    expect(shares).toHaveLength(3);
  });

  it('passes on what the work and onProgress throw', async () => {
    const work = generateOutside(2048, () => Promise.reject(reason), {});
    await expect(work).rejects.toBe(reason);
    const failing = (count: number) => () => {
      if (count-- === 0) throw reason;
    };
    for (const count of [0, 1]) {
      await expect(generateOutside(2048, never, { onProgress: failing(count) })).rejects.toBe(reason);
    }
    await expect(generateOutside(2048, async () => 1, { onProgress: failing(1) })).rejects.toBe(reason);
  });
});
