/**
 * What a program of DIMP remembers: accounts, keys and messages in one sealed database.
 * @packageDocumentation
 */
export {
  type AccountSource,
  type BackupPart,
  type ExportOptions,
  exportAccount,
  type ImportOptions,
  importAccount,
} from './backup.js';
export { conversationsPart } from './backup-conversations.js';
export { BackupError, BackupErrorCode, NewerBackupError } from './backup-errors.js';
export type { ImportedAccount } from './backup-restore.js';
export type { DamagedRecord, RepairReport, StoreReport } from './check.js';
export type {
  BytesEncoding,
  Database,
  DatabaseIterator,
  DatabaseOperation,
  DatabaseRange,
  Persistence,
  Sharing,
} from './database.js';
export {
  DamagedRecordError,
  LockedError,
  NewerSchemaError,
  StoreError,
  StoreErrorCode,
  type StoreHolder,
} from './errors.js';
export { openStore, repairStore, type StoreOptions } from './open-store.js';
export type { StoreParts } from './parts.js';
export type { ScryptCost } from './platform/platform.js';
export type { Space } from './spaces.js';
export type { RepairOptions, Store, StoreUnit } from './store.js';
export type { StoreReplayOptions } from './store-replay-memory.js';
