import type { ReplayMemory } from '@dimp/sdk';
import { type ReplayBounds, replayMemoryConformance } from '@dimp/sdk/conformance';
import { describe, expect, it } from '@jest/globals';
import { bytesEncoding } from '../src/database.js';
import { createMemoryDatabase } from '../src/memory.js';
import { openStoreAs } from '../src/open-store.js';
import type { OpenedStore } from '../src/opened-store.js';
import { codeOf, memoryStore, newStore, places, Recorder } from './kit.js';

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

/** How many records of the replay memory are on disk: blocks and tail. */
async function recordsIn(store: OpenedStore): Promise<readonly (number | undefined)[]> {
  const { records } = await store.verify();
  return [records.get('replay'), records.get('replay tail')];
}

const names = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => `message ${from + index}`);

async function known(store: OpenedStore, all: readonly string[]): Promise<readonly string[]> {
  const found = [];
  for (const name of all) if (await store.replay.has(name)) found.push(name);
  return found;
}

describe('the replay memory of a store', () => {
  it('keeps messages in blocks, and leaves nothing behind of what it forgot', async () => {
    let now = 1_700_000_000;
    const store = await memoryStore({ replay: { window: 100, capacity: 500 }, clock: () => now });
    for (const name of names(600)) await store.replay.add(name, now);
    // 18 blocks of 32, and 24 messages in the tail; 4 blocks went
    expect(await recordsIn(store)).toEqual([14, 1]);
    expect(await known(store, names(600))).toEqual(names(472, 128));
    now += 1000;
    for (const name of names(4, 600)) await store.replay.add(name, now);
    expect(await recordsIn(store)).toEqual([undefined, 1]);
    expect(await known(store, names(604))).toEqual(names(4, 600));
  });

  it('finds messages in blocks and in the tail, in the next run too, and when several come at once', async () => {
    const database = createMemoryDatabase();
    const store = await openStoreAs({ database });
    await Promise.all(names(100).map(name => store.unit(async ({ replay }) => replay.add(name, 1e10))));
    expect(await recordsIn(store)).toEqual([3, 1]);
    expect(await known(store, names(100))).toEqual(names(100));
    await store.close();
    const again = await newStore({ database });
    await Promise.all(names(50, 100).map(name => again.replay.add(name, 1e10)));
    expect(await known(again, names(151))).toEqual(names(150));
    expect(await recordsIn(again)).toEqual([4, 1]);
  });

  it('knows the newest time of a message that was accepted twice', async () => {
    let now = 1_700_000_000;
    const store = await memoryStore({ replay: { window: 100 }, clock: () => now });
    await store.replay.add('twice', now);
    for (const name of names(40)) await store.replay.add(name, now);
    now += 90;
    await store.replay.add('twice', now);
    for (const name of names(40, 40)) await store.replay.add(name, now);
    now += 50;
    expect(await known(store, ['twice', ...names(80)])).toEqual(['twice', ...names(40, 40)]);
  });

  it('knows nothing of a block that came to nothing', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder });
    for (const name of names(31)) await store.replay.add(name, 1e10);
    let open = (): void => undefined;
    recorder.gate = new Promise<void>(resolve => {
      open = resolve;
    });
    recorder.endings = [new Error('bus error')];
    const adding = codeOf(() => store.replay.add('lost', 1e10));
    await new Promise(resolve => setImmediate(resolve));
    expect(await known(store, ['lost'])).toEqual(['lost']);
    open();
    recorder.gate = undefined;
    expect(await adding).toBe('ERR_STORE_WRITE');
    expect(await known(store, [...names(31), 'lost'])).toEqual(names(31));
    await store.replay.add('later', 1e10);
    expect(await known(store, [...names(31), 'lost', 'later'])).toEqual([...names(31), 'later']);
  });

  it('goes on with the blocks when the record of the newest was set aside', async () => {
    const database = createMemoryDatabase();
    const store = await newStore({ database });
    for (const name of names(70)) await store.replay.add(name, 1e10);
    const key = store.keys.key('replay tail').bytes;
    const value = (await database.get(key, bytesEncoding)) as Uint8Array;
    value[20] = (value[20] as number) ^ 1;
    await database.batch([{ type: 'put', key, value }], { ...bytesEncoding, sync: true });
    await store.close();
    await database.open();
    const again = await newStore({ database });
    expect(await codeOf(() => again.replay.has('message 0'))).toBe('ERR_STORE_DAMAGED');
    await again.repair();
    for (const name of names(70, 70)) await again.replay.add(name, 1e10);
    expect(await known(again, names(140))).toEqual([...names(64), ...names(70, 70)]);
    expect((await again.verify()).isGood).toBe(true);
  });

  it('takes what several units add at the same time', async () => {
    const store = await memoryStore();
    await Promise.all(names(10).map(name => store.unit(async unit => unit.replay.add(name, 1e10))));
    expect(await known(store, names(11))).toEqual(names(10));
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
