import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LockedError, openFolder } from '../src/folder.js';
import { createMemoryDatabase } from '../src/memory.js';
import { SyncedDatabase } from '../src/synced-database.js';
import { codeOf, newFolder, Recorder } from './kit.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const put = (key: string, value = key) => ({ type: 'put', key: bytes(key), value: bytes(value) }) as const;
const everything = { gte: Uint8Array.of(0), lt: Uint8Array.of(255) };

async function open(recorder: Recorder = new Recorder()): Promise<SyncedDatabase> {
  await recorder.open();
  return new SyncedDatabase({ database: recorder });
}

async function keysIn(database: SyncedDatabase): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of database.scan(everything)) {
    for (const [key] of page) keys.push(Buffer.from(key).toString());
  }
  return keys;
}

describe('a database with grouped syncs', () => {
  it('writes a burst in few synced batches, each part in one, in the order of the calls', async () => {
    const recorder = new Recorder();
    const database = await open(recorder);
    const done: number[] = [];
    const writes = Array.from({ length: 100 }, async (_, index) => {
      await database.write([put(`a ${index}`), put('last', `${index}`), put(`b ${index}`)]);
      const batch = recorder.batches.findIndex(({ operations }) =>
        operations.some(({ key }) => Buffer.from(key).toString() === `b ${index}`),
      );
      expect(recorder.done).toBeGreaterThan(batch);
      done.push(index);
    });
    expect(database.pending).toBe(300);
    await Promise.all(writes);
    expect(done).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(recorder.batches.length).toBeLessThanOrEqual(3);
    for (const { operations, sync } of recorder.batches) {
      expect(operations.length % 3).toBe(0);
      expect(sync).toBe(true);
    }
    expect(await database.read(bytes('last'))).toEqual(bytes('99'));
    expect(await keysIn(database)).toHaveLength(201);
    expect(database.pending).toBe(0);
  });

  it('that fails takes along what gathered behind it, and goes on after it was made good', async () => {
    const recorder = new Recorder();
    await recorder.open();
    const steps: string[] = [];
    const database = new SyncedDatabase({
      database: recorder,
      reopen: async () => void steps.push(`reopened before batch ${recorder.batches.length}`),
    });
    recorder.endings = [Object.assign(new Error('No space left on device'), { code: 'ENOSPC' })];
    const outcomes = await Promise.all(['a', 'b', 'c'].map(key => codeOf(() => database.write([put(key)]))));
    expect(outcomes).toEqual(['ERR_STORE_FULL', 'ERR_STORE_FULL', 'ERR_STORE_FULL']);
    expect(recorder.batches).toHaveLength(1);
    await database.write([put('d')]);
    expect(steps).toEqual(['reopened before batch 1']);
    expect(await keysIn(database)).toEqual(['d']);
  });

  it('says so for as long as it cannot be made good', async () => {
    const recorder = new Recorder();
    await recorder.open();
    let isFull = true;
    const database = new SyncedDatabase({
      database: recorder,
      reopen: async () => {
        if (isFull) throw Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
      },
    });
    recorder.endings = [new Error('bus error')];
    expect(await codeOf(() => database.write([put('a')]))).toBe('ERR_STORE_WRITE');
    expect(await codeOf(() => database.write([put('b')]))).toBe('ERR_STORE_FULL');
    expect(recorder.batches).toHaveLength(1);
    isFull = false;
    await database.write([put('c')]);
    expect(await keysIn(database)).toEqual(['c']);
  });

  it('writes what is on its way before it closes, and refuses what comes later', async () => {
    const recorder = new Recorder(createMemoryDatabase());
    const database = await open(recorder);
    const writing = database.write([put('a')]);
    await database.close();
    await writing;
    expect(recorder.done).toBe(1);
    expect(await codeOf(() => database.write([put('b')]))).toBe('ERR_STORE_CLOSED');
    expect(await codeOf(() => database.read(bytes('a')))).toBe('ERR_STORE_CLOSED');
    expect(await codeOf(() => keysIn(database))).toBe('ERR_STORE_CLOSED');
  });
});

describe('in a folder', () => {
  it('what was written is there in the next run, and the folder tells who has it', async () => {
    const location = join(await newFolder(), 'messages');
    const database = new SyncedDatabase(await openFolder(location));
    await Promise.all(['a', 'b', 'c'].map(key => database.write([put(key)])));
    const error = await openFolder(location).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_STORE_LOCKED', holder: { pid: process.pid } });
    expect(error).toBeInstanceOf(LockedError);
    await database.write([{ type: 'del', key: bytes('b') }]);
    await database.close();
    const again = new SyncedDatabase(await openFolder(location));
    expect(await keysIn(again)).toEqual(['a', 'c']);
    await again.close();
  });
});
