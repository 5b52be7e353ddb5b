import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LockedError, type OpenedDatabase, openFolder } from '../src/folder.js';
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

describe('made good while it is read', () => {
  /** Whose last write failed, with `count` records in a folder. */
  async function broken(
    count: number,
    change: (opened: OpenedDatabase) => OpenedDatabase = opened => opened,
  ): Promise<SyncedDatabase> {
    const opened = await openFolder(join(await newFolder(), 'messages'));
    const recorder = new Recorder(opened.database);
    const database = new SyncedDatabase(change({ ...opened, database: recorder }));
    await database.write(Array.from({ length: count }, (_, index) => put(`${10_000 + index}`)));
    recorder.endings = [new Error('bus error')];
    expect(await codeOf(() => database.write([put('lost')]))).toBe('ERR_STORE_WRITE');
    return database;
  }

  const keys = (from: number, to: number): readonly string[] =>
    Array.from({ length: to - from }, (_, index) => `${10_000 + from + index}`);

  it.each([
    ['forwards', {}, keys(0, 2500)],
    ['backwards', { reverse: true }, [...keys(0, 2500)].reverse()],
    ['up to a limit', { limit: 2200 }, keys(0, 2200)],
    ['backwards up to a limit', { reverse: true, limit: 1001 }, [...keys(1499, 2500)].reverse()],
    ['up to the end of a page', { limit: 1000 }, keys(0, 1000)],
  ])('a scan %s goes on from where it was', async (_, options, expected) => {
    const database = await broken(2500);
    const found: string[] = [];
    for await (const page of database.scan({ ...everything, ...options })) {
      if (found.length === 0) await database.write([put('-', 'new')]);
      found.push(...page.map(([key]) => Buffer.from(key).toString()));
    }
    expect(found.filter(key => key !== '-')).toEqual(expected);
    await database.close();
  });

  it('many scans and reads beside it find everything', async () => {
    const database = await broken(2500);
    const reading = Promise.all(Array.from({ length: 20 }, () => keysIn(database)));
    const writing = database.write([put('next')]);
    const values = await Promise.all(keys(0, 50).map(key => database.read(bytes(key))));
    expect(values).toEqual(keys(0, 50).map(bytes));
    for (const found of await reading) expect(found.filter(key => key !== 'next')).toEqual(keys(0, 2500));
    await writing;
    await database.close();
  });

  it('reading goes on when there is no room for it', async () => {
    let fail: (error: Error) => void = () => undefined;
    const database = await broken(10, opened => ({
      ...opened,
      reopen: () => new Promise((_, reject) => (fail = reject)),
    }));
    const writing = codeOf(() => database.write([put('next')]));
    await new Promise(setImmediate);
    const reading = Promise.all([keysIn(database), database.read(bytes('10000'))]);
    fail(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    expect(await reading).toEqual([keys(0, 10), bytes('10000')]);
    expect(await writing).toBe('ERR_STORE_FULL');
    await database.close();
  });

  it('that was closed and does not open is not called corrupt', async () => {
    let isTaken = true;
    const database = await broken(10, opened => ({
      ...opened,
      async reopen() {
        await opened.database.close();
        if (isTaken) throw new LockedError('there', undefined);
        await opened.database.open();
      },
    }));
    expect(await codeOf(() => database.write([put('next')]))).toBe('ERR_STORE_LOCKED');
    expect(await codeOf(() => database.read(bytes('10000')))).toBe('ERR_STORE_LOCKED');
    expect(await codeOf(() => keysIn(database))).toBe('ERR_STORE_LOCKED');
    isTaken = false;
    await database.write([put('next')]);
    expect(await keysIn(database)).toEqual([...keys(0, 10), 'next']);
    await database.close();
  });

  it('or closed: a scan that is under way says so', async () => {
    const database = await broken(2500);
    const scan = database.scan(everything);
    await scan.next();
    await database.close();
    expect(await codeOf(() => scan.next())).toBe('ERR_STORE_CLOSED');
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
