import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { anywhere, createID, type ID } from '@dimp/mkm';
import { type MessageStore, openMessageStore } from '@dimp/station';
import { openFolder } from '@dimp/store/folder';
import type { DatabaseOperation } from '@dimp/store/synced';
import { ClassicLevel } from 'classic-level';
import { type Row, rateRow } from '../row.js';
import type { Scope } from '../suite.js';

/** How many are stored before the next is given to the store. */
const together = [1, 32, 256] as const;
/** Messages of one turn, at most: a tenth of a second or so. */
const perTurn = 4096;
const receivers = 1000;
const packageBytes = 700;

/**
 * Storing for users who are not here, without what is before and behind it, beside the bare database that writes the
 * very batches which the store wrote, one after the other.
 */
export async function storeRows(
  folder: string,
  { slowRounds, turn }: Pick<Scope, 'slowRounds' | 'turn'>,
): Promise<readonly Row[]> {
  await mkdir(folder, { recursive: true });
  const raw = new ClassicLevel<Uint8Array, Uint8Array>(join(folder, 'raw'), { compression: false });
  await raw.open();
  const { store, written } = await openCaptured(join(folder, 'store'));
  const users = Array.from({ length: receivers }, (_, number) =>
    createID({ name: `${number}`, address: anywhere }),
  );
  const rows: Row[] = [];
  try {
    for (const count of together) {
      const messages = turn === 0 ? count : count * Math.ceil(Math.min(perTurn, 128 * count) / count);
      const [ours, floor]: [number[], number[]] = [[], []];
      // the first one is to warm up
      for (let round = 0; round <= slowRounds; round++) {
        const all = Array.from({ length: messages }, (_, number) => newMessage(users, number));
        const begun = performance.now();
        for (let first = 0; first < messages; first += count) {
          await Promise.all(all.slice(first, first + count).map(message => store.add(message)));
        }
        // what was put off belongs to it
        await store.idle();
        const between = performance.now();
        for (const batch of written.splice(0)) await raw.batch(batch as never, options as never);
        const end = performance.now();
        if (round > 0) ours.push((between - begun) * 1000);
        if (round > 0) floor.push((end - between) * 1000);
      }
      const name = `stored for users who are away, ${count} at once`;
      rows.push(rateRow({ suite: 'station', name, times: ours, floor }, messages));
    }
  } finally {
    await store.close();
    await raw.close();
  }
  return rows;
}

const options = { keyEncoding: 'view', valueEncoding: 'view', sync: true } as const;

/** A message store on disk, and the batches that it writes. */
async function openCaptured(
  location: string,
): Promise<{ readonly store: MessageStore; readonly written: DatabaseOperation[][] }> {
  const opened = await openFolder(location);
  const written: DatabaseOperation[][] = [];
  const { database } = opened;
  const write = database.batch.bind(database);
  Object.assign(database, {
    batch(...parameters: Parameters<typeof write>) {
      written.push(parameters[0]);
      return write(...parameters);
    },
  });
  return { store: await openMessageStore(opened), written };
}

function newMessage(users: readonly ID[], number: number): Parameters<MessageStore['add']>[0] {
  const [receiver, sender] = [users[number % users.length], users[(number * 7 + 1) % users.length]] as [
    ID,
    ID,
  ];
  const data = randomBytes(packageBytes);
  return { receiver, sender, data, digest: data.subarray(0, 32), time: Date.now() / 1000 };
}
