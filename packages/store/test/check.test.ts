import { anyone } from '@dimp/mkm';
import { describe, expect, it } from '@jest/globals';
import { bytesEncoding, type Database } from '../src/database.js';
import { openStore } from '../src/index.js';
import { createMemoryDatabase } from '../src/memory.js';
import type { OpenedStore } from '../src/opened-store.js';
import { spaces } from '../src/spaces.js';
import { codeOf, newStore } from './kit.js';

/** A store with five names, and its database. */
async function filled(): Promise<{ readonly store: OpenedStore; readonly database: Database }> {
  const database = createMemoryDatabase();
  const store = await newStore({ database });
  await store.ledger.change(records => {
    for (let i = 0; i < 5; i++) {
      records.put(store.keys.key('names', `${i}`), Uint8Array.of(i));
      records.put(store.keys.ordered('waiting', 'run', i), Uint8Array.of(i));
    }
  });
  return { store, database };
}

/** The record of a name. */
function nameIn({ ledger, keys }: OpenedStore, name: string): Promise<Uint8Array | undefined> {
  return ledger.get(keys.key('names', name));
}

/** All records of a database. */
async function all(database: Database): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
  const iterator = database.iterator({ gte: Uint8Array.of(0), lt: Uint8Array.of(255), ...bytesEncoding });
  const records = await iterator.nextv(1000);
  await iterator.close();
  return records;
}

/** Changes the last byte of a record. */
async function damage(database: Database, key: Uint8Array): Promise<void> {
  const value = Uint8Array.from((await database.get(key, bytesEncoding)) ?? []);
  value[value.length - 1] = (value.at(-1) as number) ^ 1;
  await database.batch([{ type: 'put', key, value }], { ...bytesEncoding, sync: true });
}

const headerPlace = (number: number): Uint8Array => Uint8Array.of(number, ...Buffer.from('header'));

describe('a damaged record', () => {
  it('is an error that names its kind, and takes nothing else with it', async () => {
    const { store, database } = await filled();
    const key = store.keys.key('names', '3');
    await damage(database, key.bytes);
    await expect(nameIn(store, '3')).rejects.toMatchObject({
      code: 'ERR_STORE_DAMAGED',
      space: 'names',
      key: Buffer.from(key.bytes).toString('hex'),
    });
    for (const other of ['0', '1', '2', '4']) expect(await nameIn(store, other)).toBeDefined();
  });

  it('stands in a list as one without a value', async () => {
    const { store, database } = await filled();
    await damage(database, store.keys.ordered('waiting', 'run', 2).bytes);
    const entries = await store.ledger.list(store.keys.sequence('waiting', 'run'));
    expect(entries.map(({ value }) => value === undefined)).toEqual([false, false, true, false, false]);
  });

  it('is what a good record becomes under the key of another', async () => {
    const { store, database } = await filled();
    const [from, to] = [store.keys.key('names', '1').bytes, store.keys.key('names', '2').bytes];
    const value = (await database.get(from, bytesEncoding)) as Uint8Array;
    await database.batch([{ type: 'put', key: to, value }], { ...bytesEncoding, sync: true });
    expect(await codeOf(() => nameIn(store, '2'))).toBe('ERR_STORE_DAMAGED');
  });
});

describe('verify and repair', () => {
  it('find nothing in a good store', async () => {
    const { store } = await filled();
    expect(await store.verify()).toEqual({
      isGood: true,
      records: new Map([
        ['names', 5],
        ['waiting', 5],
      ]),
      damaged: [],
      quarantined: 0,
      isHeaderWhole: true,
    });
    expect(await store.repair()).toEqual({ removed: [], restoredHeader: false });
  });

  it('tell of what is damaged, set it aside, and lose nothing else', async () => {
    const { store, database } = await filled();
    const key = store.keys.key('names', '3');
    await damage(database, key.bytes);
    const unknown = Uint8Array.of(0x7f, 1, 2);
    await database.batch([{ type: 'put', key: unknown, value: unknown }], { ...bytesEncoding, sync: true });
    const damaged = [
      { space: 'names', key: Buffer.from(key.bytes).toString('hex') },
      { space: 'unknown', key: '7f0102' },
    ];
    expect(await store.verify()).toMatchObject({ isGood: false, damaged, quarantined: 0 });
    expect(await store.verify()).toMatchObject({ isGood: false, damaged });
    expect(await store.repair()).toEqual({ removed: damaged, restoredHeader: false });
    expect(await store.verify()).toMatchObject({ isGood: true, damaged: [], quarantined: 2 });
    expect(await nameIn(store, '3')).toBeUndefined();
    for (const other of ['0', '1', '2', '4']) expect(await nameIn(store, other)).toBeDefined();
    const aside = (await all(database)).filter(([bytes]) => bytes[0] === spaces.quarantine);
    expect(aside.map(([bytes]) => bytes.slice(1))).toContainEqual(Uint8Array.from(key.bytes));
  });

  it('throw damaged records away when asked to', async () => {
    const { store, database } = await filled();
    await damage(database, store.keys.key('names', '3').bytes);
    expect((await store.repair({ discard: true })).removed).toHaveLength(1);
    expect(await store.verify()).toMatchObject({ isGood: true, quarantined: 0 });
  });

  it('open a store with one bad copy of its header, and restore it', async () => {
    for (const number of [spaces.header, spaces['header copy']]) {
      const { store, database } = await filled();
      await store.close();
      await database.open();
      await damage(database, headerPlace(number));
      const again = await newStore({ database });
      expect(await again.verify()).toMatchObject({ isGood: false, isHeaderWhole: false, damaged: [] });
      expect(await again.repair()).toEqual({ removed: [], restoredHeader: true });
      expect((await again.verify()).isGood).toBe(true);
    }
  });

  it('find nothing wrong with what is in the middle of being written', async () => {
    const { store } = await filled();
    const adding = store.archive.saveName('more', anyone);
    expect(await store.verify()).toMatchObject({ isGood: true });
    await adding;
  });
});

describe('a lost header', () => {
  it('is an error when both copies are bad, or gone from a store with records', async () => {
    const { store, database } = await filled();
    await store.close();
    await database.open();
    const places = [spaces.header, spaces['header copy']].map(headerPlace);
    for (const place of places) await damage(database, place);
    expect(await codeOf(() => openStore({ database }))).toBe('ERR_STORE_CORRUPT');
    await database.open();
    await database.batch(
      places.map(key => ({ type: 'del', key })),
      { ...bytesEncoding, sync: true },
    );
    expect(await codeOf(() => openStore({ database }))).toBe('ERR_STORE_CORRUPT');
  });
});

describe('what lies on disk', () => {
  it('shows neither names nor contents', async () => {
    const database = createMemoryDatabase();
    const store = await newStore({ database, passphrase: 'secret', cost: { N: 2, r: 1, p: 1 } });
    await store.replay.add('fingerprint-of-a-message', 1_234_567_890);
    const bytes = Buffer.concat((await all(database)).flat()).toString('latin1');
    for (const text of ['fingerprint', '1234567890', 'time', 'secret']) expect(bytes).not.toContain(text);
  });
});
