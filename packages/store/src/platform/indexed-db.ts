import { UsageError } from '@dimp/crypto';
import { BrowserLevel } from 'browser-level';
import type { OpenedDatabase } from '../database.js';
import { asReadError } from '../errors.js';

/** Opens IndexedDB under a name. A batch resolves when the browser says that it is on disk. */
export async function openIndexedDb(location: string): Promise<OpenedDatabase> {
  const database = new BrowserLevel<Uint8Array, Uint8Array>(location, { prefix: 'dimp-store-' });
  try {
    await database.open();
  } catch (error) {
    throw asReadError(error);
  }
  writeThrough((database as unknown as { readonly db: IDBDatabase }).db);
  return { database };
}

export async function repairIndexedDb(): Promise<never> {
  throw new UsageError('IndexedDB is kept in order by the browser; open the store and call its repair().');
}

/**
 * Makes every transaction that writes a strict one: by default browsers report it as complete when the operating
 * system has it, and a power cut can take it back.
 */
function writeThrough(database: IDBDatabase): void {
  const begin = database.transaction.bind(database);
  database.transaction = (names, mode, options) =>
    begin(names, mode, mode === 'readwrite' ? { ...options, durability: 'strict' } : options);
}
