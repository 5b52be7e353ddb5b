import { join } from 'node:path';
import { openStore, type Store } from '@dimp/store';
import { interleave, type Times } from '../interleave.js';
import { captureBatches, openRaw, type Replay } from '../raw-batches.js';
import { type Row, rateRow, timeRow } from '../row.js';
import type { Scope } from '../suite.js';
import { recordBytes } from './record.js';
import { putRecords, receiveMany, type Write } from './writes.js';

/** What comes at once when a connection was away for a while, and as much as a program takes in before it looks up. */
const burst = 256;

/**
 * The floor writes the very batches that a store wrote before, sealed already, with other keys where those were new; in
 * the rows "beside sealing" it seals them, too, with the bare cipher, so that what a row there is above 1 is what the
 * store can be blamed for. Records are what the store itself costs; messages what the parts above it make of one: JSON,
 * counts, index, key and replay entry, each message a unit of its own.
 */
export async function* writeRows(folder: string, scope: Scope): AsyncGenerator<Row> {
  const records = [`${recordBytes} B record`, 'record'] as const;
  yield* rowsOfWriting(join(folder, 'records'), putRecords, records, scope);
  yield* rowsOfWriting(join(folder, 'messages'), receiveMany, ['message', 'message'], scope);
}

async function* rowsOfWriting(
  folder: string,
  write: Write,
  [many, one]: readonly [string, string],
  scope: Scope,
): AsyncGenerator<Row> {
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
    yield* await measure(`${many}s written, ${burst} at once`, burst);
    yield* await measure(`one ${one} written`, 1);
  } finally {
    await store.close();
    await raw.close();
  }
}

function sizes(replay: Replay): Readonly<Record<string, number>> {
  const operations = replay.batches.flat();
  const bytes = operations.reduce(
    (sum, operation) => sum + operation.key.length + (operation.type === 'put' ? operation.value.length : 0),
    0,
  );
  return { bytes, records: operations.length, batches: replay.batches.length };
}
