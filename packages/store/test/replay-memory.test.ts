import type { ReplayMemory } from '@dimp/sdk';
import { type ReplayBounds, replayMemoryConformance } from '@dimp/sdk/conformance';
import { describe, expect, it } from '@jest/globals';
import type { Store } from '../src/index.js';
import { memoryStore, newStore, places } from './kit.js';

for (const { name, create } of places) {
  describe(name, () => {
    const runs = new Map<ReplayMemory, () => Promise<ReplayMemory>>();
    const open = async (
      options: Awaited<ReturnType<typeof create>>,
      { clock, ...replay }: ReplayBounds,
    ): Promise<ReplayMemory> => {
      const store = await newStore({ ...options, replay, clock });
      runs.set(store.replay, async () => {
        await store.close();
        return open(options, { clock, ...replay });
      });
      return store.replay;
    };
    replayMemoryConformance(
      { describe, it },
      {
        create: async bounds => open(await create(), bounds),
        reopen: memory => (runs.get(memory) ?? (() => Promise.reject(new Error('unknown memory'))))(),
      },
    );
  });
}

/** How many messages are on disk. */
async function countIn(store: Store): Promise<number> {
  return (await store.verify()).records.get('replay') ?? 0;
}

describe('the replay memory of a store', () => {
  it('leaves nothing behind of what it forgot', async () => {
    let now = 1_700_000_000;
    const store = await memoryStore({ replay: { window: 100, capacity: 50 }, clock: () => now });
    for (let i = 0; i < 80; i++) await store.replay.add(`first ${i}`, now);
    expect(await countIn(store)).toBe(50);
    now += 1000;
    await store.replay.add('later', now);
    expect(await countIn(store)).toBe(1);
    const { records } = await store.verify();
    expect(records.get('replay order')).toBe(1);
  });

  it('takes what several units add at the same time', async () => {
    const store = await memoryStore();
    const names = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    await Promise.all(names.map(name => store.unit(async unit => unit.replay.add(name, 1e10))));
    for (const name of names) expect(await store.replay.has(name)).toBe(true);
    expect((await store.verify()).records.get('replay order')).toBe(10);
  });

  it('shows nothing of a unit that was given up', async () => {
    const store = await memoryStore();
    const unit = await store.begin();
    await unit.replay.add('a', 1e10);
    expect(await store.replay.has('a')).toBe(false);
    const failing = store.unit(async ({ replay }) => {
      await replay.add('b', 1e10);
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await store.replay.has('b')).toBe(false);
    await (await unit.merge()).durable;
    expect(await store.replay.has('a')).toBe(true);
  });
});
