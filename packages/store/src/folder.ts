/**
 * LevelDB in a folder of one's own, as a store keeps it: for Node, and for what is kept beside a store.
 * @packageDocumentation
 */
export type { OpenedDatabase } from './database.js';
export { LockedError, StoreError, StoreErrorCode, type StoreHolder } from './errors.js';
export { makeFolder, openFolder, repairFolder } from './platform/folder.js';
