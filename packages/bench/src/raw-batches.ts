import { type DatabaseOperation, openStore, type Store } from '@dimp/store';
import { ClassicLevel } from 'classic-level';

/** What a store wrote, to be written again by the bare database. */
export interface Replay {
  readonly batches: readonly DatabaseOperation[][];
  /** Keys that were not there before, which get a number of their own each time. */
  readonly newKeys: readonly Uint8Array[];
}

const encoding = { keyEncoding: 'view', valueEncoding: 'view' } as const;

function createLevel(location: string): ClassicLevel<Uint8Array, Uint8Array> {
  return new ClassicLevel(location, { compression: false });
}

/** Runs works on a new store, each with its number, and takes down the batches of the last one. */
export async function captureBatches(
  location: string,
  work: (store: Store, turn: number) => Promise<void>,
): Promise<Replay> {
  const level = createLevel(location);
  let batches: DatabaseOperation[][] = [];
  const write = level.batch.bind(level);
  Object.assign(level, {
    batch(operations: DatabaseOperation[], options: object) {
      batches.push(operations.map(operation => ({ ...operation, key: operation.key.slice() })));
      return write(operations as never, options as never);
    },
  });
  const store = await openStore({ database: level });
  const before = new Set<string>();
  for (let turn = 0; turn < 20; turn++) {
    for (const { key } of batches.flat()) before.add(String(key));
    batches = [];
    await work(store, turn);
  }
  const last = batches;
  await store.close();
  return { batches: last, newKeys: last.flat().flatMap(({ key }) => (before.has(String(key)) ? [] : [key])) };
}

/** A bare database that writes batches as they are. */
export async function openRaw(
  location: string,
): Promise<{ write(replay: Replay): Promise<void>; close(): Promise<void> }> {
  const level = createLevel(location);
  await level.open();
  let turn = 0;
  return {
    async write({ batches, newKeys }) {
      turn++;
      for (const key of newKeys) new DataView(key.buffer, key.byteOffset).setUint32(key.length - 4, turn);
      for (const batch of batches) await level.batch(batch as never, { ...encoding, sync: true } as never);
    },
    close: () => level.close(),
  };
}
