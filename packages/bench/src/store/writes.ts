import type { Store } from '@dimp/store';
import { receive } from '../chat.js';
import { record } from './record.js';

/** Writes so many of something into a store, other ones at each turn. */
export type Write = (store: Store, from: number, count: number) => Promise<void>;

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

/** Writes records, in one unit. */
export async function putRecords(store: Store, from: number, count: number): Promise<void> {
  const { ledger, keys } = store as StoreInside;
  await ledger.unit(async unit => {
    for (let number = from; number < from + count; number++) {
      unit.put(keys.ordered('message', 'bench', number), record);
    }
  });
}

/** Writes all that received messages change, each in a unit of its own. */
export async function receiveMany(store: Store, from: number, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => receive(store, from + index)));
}
