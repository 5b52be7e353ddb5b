/**
 * The relay of DIMP: stores and forwards what it cannot read.
 * @packageDocumentation
 */
export type { Ack, CloseReason, Connection } from './connection.js';
export { QuotaError, StationError, StorageError } from './errors.js';
export { defaultFileOptions, type FileOptions } from './files/file-options.js';
export type { Exchange, Route } from './http/router.js';
export type { StationHealth } from './http/station-control.js';
export { type MessageStoreOptions, openMessageStore } from './level-message-store.js';
export { openUserDirectory, type UserDirectoryOptions } from './level-user-directory.js';
export { createLog, type LogOptions, type StationLog } from './log.js';
export { MemorySessionDirectory, type SessionDirectoryOptions } from './memory-session-directory.js';
export type {
  Added,
  MessageStore,
  NewStored,
  PageLimit,
  Stored,
  Swept,
  Usage,
} from './message-store.js';
export { type Metrics, noMetrics } from './metrics.js';
export type { ListenOptions, RetentionOptions, StationLimits } from './options.js';
export { defaultLimits, defaultListen, defaultRetention } from './options.js';
export type { RefusalReason } from './refusal.js';
export type { Resumable, Session, SessionDirectory } from './session.js';
export { StationRunningError } from './station-account.js';
export type {
  StationAddress,
  StationOptions,
  StationPorts,
  StationState,
  StationStatus,
} from './station-options.js';
export { StationServer } from './station-server.js';
export { TlsError, type TlsFiles } from './tls.js';
export type { KeptCommand, UserDirectory } from './user-directory.js';
