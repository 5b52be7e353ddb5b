import { execFile } from 'node:child_process';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openStore, type Store } from '@dimp/store';
import { createSealer } from '@dimp/store/sealer';
import { chat, fill, receive } from '../chat.js';
import { interleave, type Times } from '../interleave.js';
import { captureBatches, openRaw, type Replay } from '../raw-batches.js';
import { type Row, rateRow, timeRow } from '../row.js';
import { median, quantile } from '../statistics.js';
import type { Scope, Suite } from '../suite.js';

export const storeSuite: Suite = {
  name: 'store',
  about: 'writing, opening and reading a store on disk, beside the bare database and the bare cipher',
  async run(scope) {
    const folder = await mkdtemp(join(tmpdir(), 'dimp-bench-store-'));
    try {
      return [
        ...(await writeRows(folder, scope)),
        await sealRow(scope),
        // a tiny round is a test of the suite itself
        ...(await largeRows(join(folder, 'large'), scope.turn === 0 ? 300 : 100_000, scope)),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** What comes at once when a connection was away for a while, and as much as a program takes in before it looks up. */
const burst = 256;
const recordBytes = 600;
const record = new Uint8Array(randomBytes(recordBytes));

/** Writes so many of something into a store, other ones at each turn. */
type Write = (store: Store, from: number, count: number) => Promise<void>;

/**
 * The floor writes the very batches that a store wrote before, sealed already, with other keys where those were new; in
 * the rows "beside sealing" it seals them, too, with the bare cipher, so that what a row there is above 1 is what the
 * store can be blamed for. Records are what the store itself costs; messages what the parts above it make of one: JSON,
 * counts, index, key and replay entry, each message a unit of its own.
 */
async function writeRows(folder: string, scope: Scope): Promise<readonly Row[]> {
  return [
    ...(await rowsOfWriting(
      join(folder, 'records'),
      putRecords,
      [`${recordBytes} B record`, 'record'],
      scope,
    )),
    ...(await rowsOfWriting(join(folder, 'messages'), receiveMany, ['message', 'message'], scope)),
  ];
}

async function rowsOfWriting(
  folder: string,
  write: Write,
  [many, one]: readonly [string, string],
  scope: Scope,
): Promise<readonly Row[]> {
  const store = await openStore({ location: join(folder, 'store') });
  const raw = await openRaw(join(folder, 'raw'));
  let number = 0;
  const next = async (count: number): Promise<void> => {
    await write(store, number, count);
    number += count;
  };
  const measure = async (name: string, count: number): Promise<readonly Row[]> => {
    const work = (captured: Store, turn: number): Promise<void> => write(captured, turn * count, count);
    const replay = await captureBatches(join(folder, `captured-${count}`), work);
    const { ours, written, sealed } = await interleave(
      {
        ours: () => next(count),
        written: () => raw.write(replay),
        sealed: () => raw.sealAndWrite(replay),
      },
      scope,
    );
    const row = (rowName: string, floor: Times): Row => {
      const parts = { suite: 'store', name: rowName, times: ours, floor, details: sizes(replay) };
      return count === 1 ? timeRow(parts) : rateRow(parts, count);
    };
    return [row(name, written), row(`${name}, beside sealing`, sealed)];
  };
  try {
    return [
      ...(await measure(`${many}s written, ${burst} at once`, burst)),
      ...(await measure(`one ${one} written`, 1)),
    ];
  } finally {
    await store.close();
    await raw.close();
  }
}

/**
 * What the parts of a store write records by. It is no public name, so that what is measured here can be told from what
 * the parts make of a message; a store that has it no more breaks this suite, which the tests run.
 */
interface StoreInside extends Store {
  readonly ledger: {
    unit(work: (unit: { put(key: object, value: Uint8Array): void }) => Promise<void>): Promise<void>;
  };
  readonly keys: { ordered(space: 'message', group: string, number: number): object };
}

async function putRecords(store: Store, from: number, count: number): Promise<void> {
  const { ledger, keys } = store as StoreInside;
  await ledger.unit(async unit => {
    for (let number = from; number < from + count; number++) {
      unit.put(keys.ordered('message', 'bench', number), record);
    }
  });
}

async function receiveMany(store: Store, from: number, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => receive(store, from + index)));
}

function sizes(replay: Replay): Readonly<Record<string, number>> {
  const operations = replay.batches.flat();
  const bytes = operations.reduce(
    (sum, operation) => sum + operation.key.length + (operation.type === 'put' ? operation.value.length : 0),
    0,
  );
  return { bytes, records: operations.length, batches: replay.batches.length };
}

async function sealRow(scope: Scope): Promise<Row> {
  const secret = randomBytes(32);
  const key = new Uint8Array(randomBytes(25));
  const sealer = createSealer(new Uint8Array(secret));
  const nonce = randomBytes(12);
  const times = await interleave(
    {
      ours: () => sealer.open(sealer.seal(record, key) as Uint8Array, key),
      floor() {
        const cipher = createCipheriv('aes-256-gcm', secret, nonce);
        cipher.setAAD(key);
        const sealed = cipher.update(record);
        cipher.final();
        const decipher = createDecipheriv('aes-256-gcm', secret, nonce);
        decipher.setAAD(key);
        decipher.setAuthTag(cipher.getAuthTag());
        const opened = decipher.update(sealed);
        decipher.final();
        return opened;
      },
    },
    scope,
  );
  const name = `record of ${recordBytes} B sealed and opened`;
  return timeRow({ suite: 'store', name, times: times.ours, floor: times.floor });
}

async function largeRows(location: string, count: number, scope: Scope): Promise<readonly Row[]> {
  const filled = await openStore({ location });
  await fill(filled, count);
  await filled.close();
  // run from its sources, as in tests, there is nothing that another program could import
  const opened = isBuilt ? await openingRows(opening(location), count, scope) : [];
  const store = await openStore({ location });
  try {
    const { list, rare, common } = await interleave(
      {
        list: () => store.conversations.list(chat, { limit: 50 }),
        rare: () => store.conversations.search(chat, `n${count >> 1}`),
        common: () => store.conversations.search(chat, 'quick brown zebras', { limit: 50 }),
      },
      scope,
    );
    const suite = 'store';
    return [
      ...opened,
      timeRow({ suite, name: `50 of ${count} messages listed`, times: list }),
      timeRow({ suite, name: `${count} messages searched for a rare word`, times: rare }),
      timeRow({ suite, name: `${count} messages searched for common words`, times: common }),
    ];
  } finally {
    await store.close();
  }
}

/**
 * Each in a program of its own: the time of `openStore` alone, and the memory beside a program that does nothing.
 * @param code prints both, see `report`
 */
export async function openingRows(
  code: string,
  count: number,
  { slowRounds }: Pick<Scope, 'slowRounds'>,
): Promise<readonly Row[]> {
  const [times, memory]: [number[], number[]] = [[], []];
  for (let round = 0; round < slowRounds; round++) {
    const { time = 0, bytes } = await start(code);
    times.push(time);
    memory.push((bytes - (await start(report('undefined'))).bytes) / 1024);
  }
  const row = (name: string, unit: 'ms' | 'kB', values: readonly number[]): Row => ({
    suite: 'store',
    name,
    value: median(values),
    unit,
    quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
  });
  return [
    row(`opening ${count} messages`, 'ms', times),
    row(`opening ${count} messages, memory`, 'kB', memory),
  ];
}

function opening(location: string): string {
  return `import { openStore } from '@dimp/store';
    const begun = performance.now();
    await openStore({ location: ${JSON.stringify(location)} });
    const time = performance.now() - begun;
    ${report('time')}
    process.exit();`;
}

/** Resident memory, of which LevelDB's is a part. */
export function report(time: string): string {
  return `process.stdout.write(JSON.stringify({ time: ${time}, bytes: process.memoryUsage().rss }));`;
}

const isBuilt = import.meta.url.endsWith('.js');
const here = dirname(fileURLToPath(import.meta.url));

async function start(code: string): Promise<{ readonly time?: number; readonly bytes: number }> {
  const args = ['--input-type=module', '--eval', code];
  return JSON.parse((await promisify(execFile)(process.execPath, args, { cwd: here })).stdout);
}
