import { sha256 } from '@dimp/crypto/digest';
import { type DatabaseOperation, SyncedDatabase } from '@dimp/store/synced';
import { describe, expect, it } from '@jest/globals';
import { type Digest, formatDigests, readDigest } from '../src/digest.js';
import { SeenMessages } from '../src/seen-messages.js';
import { Layer } from './store-kit.js';

const day = 86_400;
const start = 1_700_000_000;
/** More than one generation holds. */
const many = 150_000;

function numbered(number: number): Digest {
  return readDigest(sha256(`${number}`), 0);
}

async function inLayer() {
  const layer = new Layer();
  await layer.open();
  const database = new SyncedDatabase({ database: layer });
  const add = async (seen: SeenMessages, digests: readonly Digest[], time: number): Promise<void> => {
    for (const digest of digests) seen.add(digest, time);
    await database.write([seen.note(formatDigests(digests)), ...seen.turn(time - 10 * day)]);
  };
  return { layer, database, add };
}

async function keysIn(layer: Layer): Promise<number> {
  const range = { gte: Uint8Array.of(0), lt: Uint8Array.of(255) };
  return (await layer.iterator({ ...range, keyEncoding: 'view', valueEncoding: 'view' }).nextv(10_000))
    .length;
}

async function writeAll(
  database: SyncedDatabase,
  all: Iterable<readonly DatabaseOperation[]>,
): Promise<void> {
  for (const operations of all) await database.write(operations);
}

describe('messages that came before', () => {
  it('are known in the next run', async () => {
    const { database, add } = await inLayer();
    const seen = await SeenMessages.open(database);
    await add(seen, [numbered(1), numbered(2)], start);
    await add(seen, [numbered(3)], start + 1);
    const next = await SeenMessages.open(database);
    for (const number of [1, 2, 3]) expect(next.has(numbered(number))).toBe(true);
    expect(next.has(numbered(4))).toBe(false);
    await add(next, [numbered(4)], start + 2);
    const third = await SeenMessages.open(database);
    for (const number of [1, 4]) expect(third.has(numbered(number))).toBe(true);
  });

  it('are found on disk when they are too many for memory', async () => {
    const { layer, database, add } = await inLayer();
    const seen = await SeenMessages.open(database);
    for (let first = 0; first < many; first += 10_000) {
      await add(
        seen,
        Array.from({ length: 10_000 }, (_, index) => numbered(first + index)),
        start,
      );
    }
    for (const run of [seen, await SeenMessages.open(database)]) {
      expect(run.has(numbered(many - 1))).toBe(true);
      // the disk was told, but nobody can say that it has it without asking
      expect(await run.find(numbered(0))).toBe(true);
      expect(await run.find(numbered(123_456))).toBe(true);
      expect(await run.find(numbered(many))).toBe(false);
      const unsure = Array.from({ length: 1000 }, (_, index) => run.has(numbered(many + index)));
      expect(unsure.filter(known => known === undefined).length).toBeLessThan(20);
      expect(unsure).not.toContain(true);
    }
    // a filter, 1024 buckets and one note
    expect(await keysIn(layer)).toBe(1026);
    expect(seen.has(numbered(5))).toBeUndefined();
  });

  it('are known while they are on their way from memory to disk', async () => {
    const { database } = await inLayer();
    const seen = await SeenMessages.open(database);
    const digests = Array.from({ length: 10 }, (_, number) => numbered(number));
    for (const digest of digests) seen.add(digest, start);
    const note = seen.note(formatDigests(digests));
    // the first is too old for a generation to go on
    const turned = seen.turn(start + 1);
    expect(turned.length).toBeGreaterThan(0);
    expect(seen.has(numbered(1))).toBe(true);
    expect(await seen.find(numbered(1))).toBe(true);
    await database.write([note, ...turned]);
    await database.write([seen.note(formatDigests([numbered(11)]))]);
    expect(seen.has(numbered(1))).toBeUndefined();
    expect(await seen.find(numbered(1))).toBe(true);
  });

  it('are forgotten when all of a generation are too old', async () => {
    const { layer, database, add } = await inLayer();
    const seen = await SeenMessages.open(database);
    await add(seen, [numbered(1)], start);
    await add(seen, [numbered(2)], start + 9 * day);
    await add(seen, [numbered(3)], start + 11 * day);
    await writeAll(database, seen.expire(start + 10 * day));
    // it came together with others that are not so old
    for (const number of [1, 2, 3]) expect(await seen.find(numbered(number))).toBe(true);
    await add(seen, [numbered(4)], start + 12 * day);
    await writeAll(database, seen.expire(start + 11.5 * day));
    const next = await SeenMessages.open(database);
    for (const run of [seen, next]) {
      for (const number of [1, 2, 3]) expect(await run.find(numbered(number))).toBe(false);
      expect(run.has(numbered(4))).toBe(true);
    }
    await writeAll(database, next.expire(start + 30 * day));
    expect(next.has(numbered(4))).toBe(false);
    expect(await keysIn(layer)).toBe(0);
  });
});
