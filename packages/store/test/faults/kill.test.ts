import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStoreAs } from '../../src/open-store.js';
import type { OpenedStore } from '../../src/opened-store.js';
import { currentSchema, type Schema } from '../../src/schema.js';
import { codeOf } from '../kit.js';
import { addNote, cost, countMigrations, listNotes, readNotes, schemaAhead } from './notes.js';
import { buildChild, type ChildProgram, type Moment } from './run-child.js';

// FAULT_ROUNDS=1000 FAULT_SEED=42 npm test: how often a child is killed, and at which moments
const rounds = Number(process.env['FAULT_ROUNDS'] || 300);
const seed = Number(process.env['FAULT_SEED'] || (process.env['CI'] ? 20181211 : Date.now() % 2 ** 31));
const title = `(${rounds} rounds, FAULT_SEED=${seed})`;

/** Rounds at the same time. */
const lanes = 2;
/** Rounds after which a store is begun anew, so that making one is interrupted as well. */
const roundsPerStore = 12;

let program: ChildProgram;
let folder: string;

beforeAll(async () => {
  program = await buildChild();
  folder = await mkdtemp(join(tmpdir(), 'dimp-faults-'));
}, 60_000);

afterAll(async () => {
  await program.remove();
  await rm(folder, { recursive: true, force: true });
});

describe(`a program that is killed ${title}`, () => {
  it('while it writes: nothing that was accepted is missing, nothing is doubled or half there, the order holds', async () => {
    const found = await eachRound(Math.ceil(rounds * 0.6), async (random, round, lane) => {
      const number = Math.floor(round / roundsPerStore);
      const location = join(folder, `write-${lane}-${number}`);
      const passphrase = number % 2 === 0 ? 'secret' : undefined;
      const prefix = `${round}.`;
      const before = round % roundsPerStore === 0 ? [] : (await inspect(location, passphrase)).notes;
      const { lines, errors } = await program.run(
        {
          location,
          work: 'write',
          prefix,
          burst: pick(random, [1, 3, 20]),
          ...(passphrase && { passphrase }),
        },
        somewhere(random),
      );
      const added = lines.filter(([verb]) => verb === 'added').map(([, note]) => note as string);
      const { notes, problems } = await inspect(location, passphrase);
      const mine = notes.slice(before.length);
      expect({ errors, problems }).toEqual({ errors: '', problems: [] });
      expect(notes.slice(0, before.length)).toEqual(before);
      expect(added.filter(note => !mine.includes(note))).toEqual([]);
      expect(mine).toEqual(mine.map((_, index) => `${prefix}${index}`));
      return added.length > 0;
    });
    // kills that come too early prove nothing, so most should find a program at work
    expect(found).toBeGreaterThan(rounds * 0.2);
  }, 3_600_000);

  it('in the middle of a migration: the next start goes on with it, and every record is migrated once', async () => {
    const template = join(folder, 'template');
    const store = await open(template, 'secret', currentSchema);
    const notes = Array.from({ length: 200 }, (_, index) => `note ${index}`);
    await Promise.all(notes.map(note => addNote(store, note)));
    await store.close();
    const found = await eachRound(Math.ceil(rounds * 0.2), async (random, round, lane) => {
      const location = join(folder, `migrate-${lane}-${round}`);
      await cp(template, location, { recursive: true });
      const { wasKilled, errors, lines } = await program.run(
        { location, passphrase: 'secret', work: 'migrate', prefix: '', burst: 1 },
        { after: 'opening', time: random() * 40 },
      );
      expect(errors).toBe('');
      const migrated = await open(location, 'secret', schemaAhead);
      try {
        expect(await listNotes(migrated)).toEqual(notes);
        expect(await countMigrations(migrated)).toEqual(notes.map(() => 1));
        expect((await migrated.verify()).isGood).toBe(true);
        expect(migrated.schema).toBe(schemaAhead.number);
      } finally {
        await migrated.close();
      }
      expect(await codeOf(() => open(location, 'secret', currentSchema))).toBe('ERR_STORE_NEWER');
      await rm(location, { recursive: true });
      return wasKilled && lines.length === 1;
    });
    expect(found).toBeGreaterThan(rounds * 0.02);
  }, 3_600_000);

  it('in the middle of a change of passphrase: the old or the new one opens, and all is there', async () => {
    const found = await eachRound(Math.ceil(rounds * 0.2), async (random, round, lane) => {
      const location = join(folder, `passphrase-${lane}-${round}`);
      const store = await open(location, 'first', currentSchema);
      await addNote(store, 'kept');
      await store.close();
      const { lines, errors } = await program.run(
        { location, passphrase: 'first', work: 'passphrase', prefix: 'p', burst: 1 },
        { after: 'changing', count: 1 + Math.floor(random() * 4), time: random() * 10 },
      );
      expect(errors).toBe('');
      const changed = lines.filter(([verb]) => verb === 'changed').map(([, name]) => name as string);
      const last = lines.at(-1) as readonly string[];
      const old = changed.at(-1) ?? 'first';
      const tried = last[0] === 'changing' ? [old, last[1] as string] : [old];
      const opened: string[] = [];
      for (const passphrase of tried) {
        if (
          (await codeOf(async () => (await open(location, passphrase, currentSchema)).close())) === 'none'
        ) {
          opened.push(passphrase);
        }
      }
      expect(opened).toHaveLength(1);
      expect(await inspect(location, opened[0])).toEqual({ notes: ['kept'], problems: [] });
      if (changed.length > 1) {
        expect(await codeOf(() => open(location, changed[0], currentSchema))).toBe('ERR_STORE_PASSPHRASE');
      }
      await rm(location, { recursive: true });
      return changed.length > 0;
    });
    expect(found).toBeGreaterThan(rounds * 0.05);
  }, 3_600_000);
});

/** Runs rounds in lanes, each with its own numbers; resolves with how many found what they were after. */
async function eachRound(
  count: number,
  run: (random: () => number, round: number, lane: number) => Promise<boolean>,
): Promise<number> {
  const found = await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      let hits = 0;
      for (let round = 0; round < Math.ceil(count / lanes); round++) {
        if (await run(numbers(seed + 7919 * lane + 104_729 * round), round, lane)) hits++;
      }
      return hits;
    }),
  );
  return found.reduce((sum, hits) => sum + hits, 0);
}

/** Mostly while it works, sometimes while it starts or opens its store. How far it has come tells, not the clock. */
function somewhere(random: () => number): Moment {
  const chance = random();
  if (chance < 0.1) return { after: 'opening', time: random() * 20 };
  if (chance < 0.15) return { after: 'start', time: random() * 150 };
  if (chance < 0.4) return { after: 'opened', time: random() * 10 };
  return { after: 'added', count: 1 + Math.floor(random() * 40), time: random() * 10 };
}

function open(location: string, passphrase: string | undefined, schema: Schema): Promise<OpenedStore> {
  return openStoreAs({ location, cost, ...(passphrase !== undefined && { passphrase }) }, schema);
}

async function inspect(location: string, passphrase: string | undefined): ReturnType<typeof readNotes> {
  const store = await open(location, passphrase, currentSchema);
  try {
    return await readNotes(store);
  } finally {
    await store.close();
  }
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** Numbers from 0 to 1 that depend on a seed alone (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
