import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { type DatabaseOperation, openStore, type Store } from '@dimp/store';
import { ClassicLevel } from 'classic-level';

/** What a store wrote, to be written again by the bare database. */
export interface Replay {
  readonly batches: readonly DatabaseOperation[][];
  /** Keys that were not there before; each gets a number of its own each time, so that as many records are new. */
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

/** A bare database. */
export interface RawDatabase {
  /** Writes batches as they are, one after the other. */
  write(replay: Replay): Promise<void>;
  /** As `write`, and puts every value through the bare cipher before, as whoever seals records has to. */
  sealAndWrite(replay: Replay): Promise<void>;
  close(): Promise<void>;
}

export async function openRaw(location: string): Promise<RawDatabase> {
  const level = createLevel(location);
  await level.open();
  const secret = createSecretKey(randomBytes(32));
  const nonce = randomBytes(12);
  const seal = (operation: DatabaseOperation): DatabaseOperation => {
    if (operation.type === 'del') return operation;
    const { key, value } = operation;
    const cipher = createCipheriv('aes-256-gcm', secret, nonce);
    cipher.setAAD(key);
    // nonce and tag are in the size that was captured
    const sealed = cipher.update(value);
    cipher.final();
    cipher.getAuthTag();
    return { type: 'put', key, value: sealed };
  };
  let last = 0;
  const replayAs = async (
    { batches, newKeys }: Replay,
    change: (operation: DatabaseOperation) => DatabaseOperation,
  ): Promise<void> => {
    for (const key of newKeys) new DataView(key.buffer, key.byteOffset).setUint32(key.length - 4, ++last);
    for (const batch of batches) {
      await level.batch(batch.map(change) as never, { ...encoding, sync: true } as never);
    }
  };
  return {
    write: replay => replayAs(replay, operation => operation),
    sealAndWrite: replay => replayAs(replay, seal),
    close: () => level.close(),
  };
}
