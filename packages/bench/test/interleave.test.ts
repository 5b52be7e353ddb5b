import { describe, expect, it } from '@jest/globals';
import { interleave } from '../src/interleave.js';

describe('interleave', () => {
  it('gives each work its turn in each round, every second round backwards', async () => {
    const calls: string[] = [];
    const times = await interleave(
      { a: () => calls.push('a'), b: () => calls.push('b') },
      { rounds: 3, turn: 0 },
    );
    // one run each to warm up, then the rounds
    expect(calls.join('')).toBe('ab' + 'ab' + 'ba' + 'ab');
    expect(times.a).toHaveLength(3);
    expect(times.b).toHaveLength(3);
    for (const time of [...times.a, ...times.b]) expect(time).toBeGreaterThan(0);
  });

  it('awaits promises, one run after another', async () => {
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await undefined;
      running--;
    };
    await interleave({ work, same: work }, { rounds: 2, turn: 0.01 });
    expect([running, most]).toEqual([0, 1]);
  });

  it('fails when a work fails', async () => {
    const broken = (): never => {
      throw new TypeError('broken');
    };
    await expect(interleave({ broken }, { rounds: 1, turn: 0 })).rejects.toThrow('broken');
  });
});
