/**
 * A database in memory, for tests and for programs that need not remember anything.
 * @packageDocumentation
 */
import { MemoryLevel } from 'memory-level';
import type { Database } from './database.js';

/** An empty database in memory. What is in it stays as long as the object does, also when it is closed. */
export function createMemoryDatabase(): Database {
  return new MemoryLevel<Uint8Array, Uint8Array>({ storeEncoding: 'view' });
}
