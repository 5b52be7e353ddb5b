import { concatBytes } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import { MemoryLevel } from 'memory-level';
import { bytesEncoding } from '../src/database.js';
import { openStore } from '../src/index.js';
import { createMemoryDatabase } from '../src/memory.js';
import { spaces } from '../src/spaces.js';
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

  it('says why it came to nothing also when the database does not even close', async () => {
    const recorder = new Recorder();
    recorder.endings = [new Error('IO error: No space left on device')];
    recorder.close = () => Promise.reject(new Error('no room to close'));
    expect(await codeOf(() => openStore({ database: recorder }))).toBe('ERR_STORE_FULL');
  });

  it('takes no other object for a database', async () => {
    for (const database of [{}, null, { open: () => undefined }, 'folder']) {
      const opening = openStore({ database: database as never });
      await expect(opening).rejects.toThrow(/^options\.database: expected an abstract-level database, got /);
      await expect(opening).rejects.toBeInstanceOf(TypeError);
    }
  });

  it.each([
    ['parameters out of bounds', { N: 1024, r: 8, p: 65, salt: 'AAAA' }],
    ['parameters of another kind', { rounds: 3 }],
  ])('says of a header with %s that it cannot be read', async (_, scrypt) => {
    const database = createMemoryDatabase();
    await database.open();
    const body = encodeUtf8(JSON.stringify({ format: 'dimp-store', schema: 1, scrypt, sealedKey: 'AAAA' }));
    const key = Uint8Array.of(spaces.header, ...encodeUtf8('header'));
    const value = concatBytes(sha256(body), body);
    await database.batch([{ type: 'put', key, value }], { ...bytesEncoding, sync: true });
    await expect(openStore({ database, passphrase: 'a' })).rejects.toMatchObject({
      code: 'ERR_STORE_CORRUPT',
      cause: { code: 'ERR_PARSE' },
    });
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
