import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileName } from '@dimp/mkm';
import { Facebook } from '@dimp/sdk';
import { testUsers } from '@dimp/sdk/test-users';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { bytesEncoding, type Database } from '../src/database.js';
import { openStore } from '../src/index.js';
import { createMemoryDatabase } from '../src/memory.js';
import { openStoreAs } from '../src/open-store.js';
import type { OpenedStore } from '../src/opened-store.js';
import { currentSchema, type Migration, type Schema } from '../src/schema.js';
import { codeOf, newStore, Recorder } from './kit.js';

type Dump = readonly (readonly [key: string, value: string])[];

const fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/schema-1.json'), 'utf8')) as {
  readonly unprotected: Dump;
  readonly sealed: Dump;
};

/** A database with the records of the fixture. */
async function restored(dump: Dump, database: Database = createMemoryDatabase()): Promise<Database> {
  await database.open();
  const operations = dump.map(([key, value]) => ({
    type: 'put' as const,
    key: new Uint8Array(Buffer.from(key, 'base64')),
    value: new Uint8Array(Buffer.from(value, 'base64')),
  }));
  await database.batch(operations, { ...bytesEncoding, sync: true });
  return database;
}

/** Looks at everything that the fixture holds. */
async function checkFixture(store: OpenedStore): Promise<void> {
  const facebook = new Facebook({ archive: store.archive });
  const users = await facebook.localUsers();
  expect(users.map(({ id }) => id.text)).toEqual([testUsers.hulk.id, testUsers.moki.id]);
  const [hulk, moki] = users.map(({ id }) => id);
  if (hulk === undefined || moki === undefined) throw new Error('expected two users');
  expect((await store.archive.loadMeta(hulk))?.json).toEqual(testUsers.hulk.meta);
  const profile = await store.archive.loadProfile(moki);
  expect(profile && profileName(profile)).toBe((testUsers.moki.profile['names'] as readonly string[])[0]);
  const keys = await store.archive.loadUserKeys(hulk);
  const signature = await keys?.metaKey.sign(Uint8Array.of(1));
  const { key } = (await store.archive.loadMeta(hulk)) ?? {};
  expect(await key?.verify(Uint8Array.of(1), signature ?? new Uint8Array(0))).toBe(true);
  expect((await store.archive.findIDs(moki.address)).map(({ text }) => text)).toEqual([moki.text]);
  expect((await store.archive.loadContacts(hulk)).length).toBe(testUsers.hulk.contacts.length);
  expect((await store.archive.loadMembers(moki))?.map(({ text }) => text)).toEqual([hulk.text]);
  expect((await store.archive.loadAssistants(moki)).map(({ text }) => text)).toEqual([moki.text]);
  expect((await store.archive.loadNames()).get('someone')?.text).toBe(hulk.text);
  expect(await store.keyStore.loadKey(hulk, moki)).toMatchObject({ time: 1_700_000_000, uses: 3 });
  for (const number of [0, 31, 32, 39]) expect(await store.replay.has(`message ${number}`)).toBe(true);
  expect((await store.archive.loadCertificate(moki))?.serialNumber).toBe(9);
  const [message] = await store.conversations.search({ user: hulk, peer: moki }, 'hello');
  expect(message).toMatchObject({ direction: 'in', message: { content: { serialNumber: 7 } } });
}

const clock = (): number => 1_700_000_100;

describe('the fixture of schema 1', () => {
  it('is read by this version', async () => {
    const store = await newStore({ database: await restored(fixture.unprotected), clock });
    expect(store.schema).toBe(currentSchema.number);
    await checkFixture(store);
    expect(await store.verify()).toMatchObject({ isGood: true });
  });

  it('is read when it is sealed', async () => {
    const database = await restored(fixture.sealed);
    expect(await codeOf(() => openStore({ database, passphrase: 'wrong' }))).toBe('ERR_STORE_PASSPHRASE');
    const store = await newStore({ database, passphrase: 'fixture', clock });
    await checkFixture(store);
  });
});

/** For tests: schema 2 marks the records of a run, in lots of three, by an exclamation mark. */
const marking: Migration = {
  to: currentSchema.number + 1,
  async step(records, keys, cursor) {
    const range = keys.sequence('waiting', 'run', { from: Number(cursor ?? 0), limit: 3 });
    const entries = await records.list(range);
    for (const { key, value } of entries) {
      if (value !== undefined) records.put(key, new Uint8Array(Buffer.concat([value, Buffer.from('!')])));
    }
    return entries.length < 3 ? undefined : String(Number(cursor ?? 0) + 3);
  },
};
const next: Schema = { number: currentSchema.number + 1, migrations: [...currentSchema.migrations, marking] };

describe('a migration', () => {
  let recorder: Recorder;

  beforeEach(async () => {
    recorder = new Recorder();
    const store = await openStoreAs({ database: recorder });
    await store.ledger.change(records => {
      for (let i = 0; i < 8; i++) records.put(store.keys.ordered('waiting', 'run', i), Uint8Array.of(i));
    });
    await store.close();
    recorder.batches.length = 0;
  });

  /** How often each record of the run was marked. */
  async function marks(store: OpenedStore): Promise<readonly number[]> {
    const entries = await store.ledger.list(store.keys.sequence('waiting', 'run'));
    return entries.map(
      ({ value }) =>
        Buffer.from(value ?? [])
          .toString()
          .split('!').length - 1,
    );
  }

  it('goes in steps, each of them one batch that also tells how far it is', async () => {
    const store = await openStoreAs({ database: recorder }, next);
    expect(store.schema).toBe(next.number);
    expect(await marks(store)).toEqual(new Array(8).fill(1));
    expect(recorder.batches.map(({ operations }) => operations.length)).toEqual([3 + 2, 3 + 2, 2 + 2]);
    expect(recorder.batches.every(({ sync }) => sync)).toBe(true);
    await store.close();
    recorder.batches.length = 0;
    const again = await openStoreAs({ database: recorder }, next);
    expect(recorder.batches).toEqual([]);
    await again.close();
  });

  it.each([0, 1, 2])(
    'that is stopped after %i steps goes on from there, and does nothing twice',
    async done => {
      recorder.endings = [...new Array(done).fill('pass'), new Error('killed')];
      expect(await codeOf(() => openStoreAs({ database: recorder }, next))).toBe('ERR_STORE_WRITE');
      const store = await openStoreAs({ database: recorder }, next);
      expect(await marks(store)).toEqual(new Array(8).fill(1));
      expect((await store.verify()).isGood).toBe(true);
      await store.close();
    },
  );

  it('keeps the passphrase that the store has', async () => {
    const database = createMemoryDatabase();
    const cost = { N: 2, r: 1, p: 1 };
    await (await openStore({ database, passphrase: 'x', cost })).close();
    const store = await openStoreAs({ database, passphrase: 'x' }, next);
    expect(store.protection).toBe('sealed');
    expect(store.schema).toBe(next.number);
    await store.close();
  });

  it('makes a store that older versions refuse, from its first step on', async () => {
    recorder.endings = ['pass', new Error('killed')];
    expect(await codeOf(() => openStoreAs({ database: recorder }, next))).toBe('ERR_STORE_WRITE');
    const refused = { code: 'ERR_STORE_NEWER', found: next.number, known: currentSchema.number };
    await expect(openStore({ database: recorder })).rejects.toMatchObject(refused);
    await (await openStoreAs({ database: recorder }, next)).close();
    await expect(openStore({ database: recorder })).rejects.toMatchObject(refused);
    await (await openStoreAs({ database: recorder }, next)).close();
  });

  it('is refused when the way is missing', async () => {
    const broken: Schema = { number: next.number, migrations: [] };
    await expect(openStoreAs({ database: recorder }, broken)).rejects.toThrow(RangeError);
  });
});
