import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { UploadSource } from '../src/file-host/upload-source.js';

/** A stream of numbered pieces that come when they are let. */
function gated(count: number, length: number) {
  const waiting: (() => void)[] = [];
  let given = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await new Promise<void>(resolve => waiting.push(resolve));
        if (given === count) controller.close();
        else controller.enqueue(new Uint8Array(length).fill(given++));
      },
    },
    { highWaterMark: 0 },
  );
  const open = async () => {
    while (waiting.length === 0) await new Promise(setImmediate);
    waiting.shift()?.();
  };
  return { stream, open };
}

describe('what is uploaded', () => {
  it('gives a piece that a broken try had asked for to the next try', async () => {
    const { stream, open } = gated(2, 10);
    const source = new UploadSource(stream, undefined, 100);
    const lost = source.chunk(0);
    const again = source.chunk(0);
    await open();
    expect((await lost)?.[0]).toBe(0);
    expect((await again)?.[0]).toBe(0);
    const next = source.chunk(1);
    await open();
    expect((await next)?.[0]).toBe(1);
    const end = source.chunk(2);
    await open();
    expect(await end).toBeUndefined();
    expect([source.canRestart, source.bytes]).toEqual([true, 20]);
  });

  it('never gives a file with a hole', async () => {
    const { stream, open } = gated(2, 10);
    const source = new UploadSource(stream, undefined, 5);
    const lost = source.chunk(0);
    await open();
    await lost;
    expect(source.canRestart).toBe(false);
    await expect(source.chunk(0)).rejects.toMatchObject({ code: 'ERR_TRANSPORT', isFinal: true });
  });

  it('keeps its pieces from who writes over them', async () => {
    const shared = Uint8Array.of(1, 2, 3);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(shared);
        controller.close();
      },
    });
    const source = new UploadSource(stream, 3, 100);
    expect(await source.chunk(0)).toEqual(Uint8Array.of(1, 2, 3));
    shared.fill(0);
    expect(await source.chunk(0)).toEqual(Uint8Array.of(1, 2, 3));
  });

  test.prop([fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }), fc.nat(20), fc.nat(400)])(
    'gives all of its bytes, whatever was asked before',
    async (parts, early, keep) => {
      const queue = [...parts];
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          const part = queue.shift();
          if (part === undefined) controller.close();
          else controller.enqueue(part);
        },
      });
      const source = new UploadSource(stream, undefined, keep);
      for (let index = 0; index < early && (await source.chunk(index)) !== undefined; index++);
      if (!source.canRestart) return;
      const all: number[] = [];
      for (let index = 0; ; index++) {
        const chunk = await source.chunk(index);
        if (chunk === undefined) break;
        all.push(...chunk);
      }
      expect(all).toEqual(parts.flatMap(part => [...part]));
    },
  );
});
