import { describe, expect, it } from '@jest/globals';
import { MemoryLevel } from 'memory-level';
import { openStore } from '../src/index.js';
import { codeOf, newFolder, newStore, Recorder } from './kit.js';

describe('opening', () => {
  it('asks where the store is', async () => {
    expect(await codeOf(() => openStore({}))).toBe('ERR_USAGE');
    const location = await newFolder();
    expect(await codeOf(() => openStore({ location, database: new Recorder() }))).toBe('ERR_USAGE');
  });

  it('takes a part of a database that holds other things, too', async () => {
    const database = new MemoryLevel<string, string>();
    await database.put('mine', 'stays');
    const part = database.sublevel<Uint8Array, Uint8Array>('dimp', {
      keyEncoding: 'view',
      valueEncoding: 'view',
    });
    const store = await newStore({ database: part });
    await store.replay.add('a', 1e10);
    expect(await store.replay.has('a')).toBe(true);
    expect((await store.verify()).isGood).toBe(true);
    expect(await database.get('mine')).toBe('stays');
  });

  it('closes the database again when it comes to nothing', async () => {
    const recorder = new Recorder();
    recorder.endings = [new Error('IO error: No space left on device')];
    expect(await codeOf(() => openStore({ database: recorder }))).toBe('ERR_STORE_FULL');
    const store = await newStore({ database: recorder });
    expect(store.protection).toBe('unprotected');
  });

  it('does not wait for a passphrase that was not given', async () => {
    const recorder = new Recorder();
    await newStore({ database: recorder });
    expect(recorder.batches).toHaveLength(1);
    expect(recorder.batches[0]?.operations).toHaveLength(2);
  });
});

describe('a unit of a store', () => {
  it('saves what its ports change in one batch, or nothing', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder });
    const before = recorder.batches.length;
    const result = await store.unit(async ({ archive, replay, records }) => {
      await archive.saveLocalUsers([]);
      await replay.add('a', 1e10);
      records.put(store.keys.key('profile', 'x'), Uint8Array.of(1));
      expect(recorder.batches).toHaveLength(before);
      return 'done';
    });
    expect(result).toBe('done');
    expect(recorder.batches.slice(before).map(({ operations }) => operations.length)).toEqual([3]);
    const failing = store.unit(async ({ replay }) => {
      await replay.add('b', 1e10);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(recorder.batches).toHaveLength(before + 1);
  });

  it('can be merged while something else goes on, and commit waits for it', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder });
    const unit = await store.begin();
    await unit.replay.add('a', 1e10);
    await unit.merge();
    expect(await store.replay.has('a')).toBe(true);
    const before = recorder.done;
    await store.commit();
    expect(recorder.done).toBe(before + 1);
  });
});
