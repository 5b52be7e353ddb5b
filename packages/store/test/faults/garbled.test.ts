import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { repairStore } from '../../src/index.js';
import { openStoreAs } from '../../src/open-store.js';
import type { OpenedStore } from '../../src/opened-store.js';
import type { RecordEntry } from '../../src/records.js';
import { codeOf, newFolder } from '../kit.js';
import { addNote, cost, listNotes, readNotes } from './notes.js';

/** Closed in order, with a table, a log and everything else that LevelDB has. */
let good: string;
const notes = Array.from({ length: 100 }, (_, index) => `note ${index} ${'x'.repeat(100)}`);

beforeAll(async () => {
  good = await newFolder();
  const store = await openStoreAs({ location: good, passphrase: 'secret', cost });
  for (const note of notes.slice(0, 50)) await addNote(store, note);
  // purges the header, which brings what is in the log into a table
  await store.changePassphrase('secret', { cost });
  for (const note of notes.slice(50)) await addNote(store, note);
  await store.close();
});

function open(location: string): Promise<OpenedStore> {
  return openStoreAs({ location, passphrase: 'secret' });
}

/** A copy of the good store, with one of its files, which it gives. */
async function copy(pattern: RegExp): Promise<{ readonly location: string; readonly file: string }> {
  const location = await newFolder();
  await cp(good, location, { recursive: true });
  const names = await readdir(join(location, 'records'));
  const name = names.find(name => pattern.test(name));
  if (name === undefined) throw new Error(`expected a file like ${pattern} among ${names.join()}`);
  return { location, file: join(location, 'records', name) };
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ['log', /\.log$/],
  ['table', /\.ldb$/],
  ['manifest', /^MANIFEST/],
  ['file CURRENT', /^CURRENT$/],
];

describe('a store whose files were', () => {
  it.each(kinds)('cut off: the %s', async (_, pattern) => {
    const { location, file } = await copy(pattern);
    await truncate(file, Math.floor((await readFile(file)).length / 2));
    expect(await codeOf(() => open(location))).toBe('ERR_STORE_CORRUPT');
    // trying again is no way around it
    expect(await codeOf(() => open(location))).toBe('ERR_STORE_CORRUPT');
  });

  it.each(kinds)('lost: the %s', async (_, pattern) => {
    const { location, file } = await copy(pattern);
    await rm(file);
    expect(await codeOf(() => open(location))).toBe('ERR_STORE_CORRUPT');
  });

  it.each([...kinds.slice(0, 1), ...kinds.slice(2)])('overwritten: the %s', async (_, pattern) => {
    const { location, file } = await copy(pattern);
    await writeFile(
      file,
      (await readFile(file)).map(byte => byte ^ 0x5a),
    );
    expect(await codeOf(() => open(location))).toBe('ERR_STORE_CORRUPT');
  });

  it.each(kinds.slice(2))('lost, and repaired: the %s holds nothing of its own', async (_, pattern) => {
    const { location, file } = await copy(pattern);
    await rm(file);
    await repairStore(location);
    const store = await open(location);
    expect(await readNotes(store)).toEqual({ notes, problems: [] });
    await store.close();
  });

  it('altered in one place of the log', async () => {
    const { location, file } = await copy(/\.log$/);
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    await writeFile(file, bytes);
    expect(await codeOf(() => open(location))).toBe('ERR_STORE_CORRUPT');
  });

  it('altered in one sealed record of a table: that record is damaged, and no other', async () => {
    const { location, file } = await copy(/\.ldb$/);
    const before = await open(good);
    const entries = await before.ledger.list(before.keys.range('outbox'));
    await before.close();
    const bytes = await readFile(file);
    // LevelDB leaves out what keys have in common with the one before, so the end of a key is looked for
    const { key } = entries.find(({ key }) =>
      bytes.includes(Buffer.from(key.bytes.slice(-12))),
    ) as RecordEntry;
    const place = bytes.indexOf(Buffer.from(key.bytes.slice(-12))) + 12 + 8 + 30;
    bytes[place] = (bytes[place] as number) ^ 1;
    await writeFile(file, bytes);

    const store = await open(location);
    expect(await codeOf(() => store.ledger.get(key))).toBe('ERR_STORE_DAMAGED');
    const { damaged, isGood } = await store.verify();
    expect([isGood, damaged.map(({ space }) => space)]).toEqual([false, ['outbox']]);
    expect(await listNotes(store)).toEqual(notes);
    expect((await store.repair()).removed).toHaveLength(1);
    expect(await store.ledger.get(key)).toBeUndefined();
    expect((await store.verify()).isGood).toBe(true);
    await store.close();
  });

  it('all mixed up: nothing that is not a StoreError comes out, whatever is altered', async () => {
    for (let round = 0; round < 40; round++) {
      const { location, file } = await copy(
        [/\.log$/, /\.ldb$/, /^MANIFEST/, /^CURRENT$/][round % 4] as RegExp,
      );
      const bytes = await readFile(file);
      const place = Math.floor(((round + 0.5) / 40) * bytes.length);
      bytes[place] = (bytes[place] as number) ^ 0xff;
      await writeFile(file, bytes);
      const code = await codeOf(async () => {
        const store = await open(location);
        try {
          const { isGood } = await store.verify();
          const report = await readNotes(store);
          // a good store has everything
          if (isGood) expect(report).toEqual({ notes, problems: [] });
        } finally {
          await store.close();
        }
      });
      expect(['none', 'ERR_STORE_CORRUPT', 'ERR_STORE_DAMAGED', 'ERR_STORE_PASSPHRASE']).toContain(code);
    }
  }, 30_000);
});
