/**
 * The relay of DIMP: stores and forwards what it cannot read.
 * @packageDocumentation
 */
export type { DeliveryOptions } from './delivery.js';
export { createDesk } from './desk/create-desk.js';
export type { DeskParts } from './desk/desk-handler.js';
export type { Desk, DeskAnswer, DeskRequest } from './desk.js';
export { QuotaError, StationError, StorageError } from './errors.js';
export { defaultFileOptions, type FileOptions } from './files/file-options.js';
export { FileService, type FileServiceParts } from './files/file-service.js';
export type { FileCount } from './files/file-store.js';
export { type UploadToken, type UploadTokenOptions, UploadTokens } from './files/upload-tokens.js';
export type { HttpHandler } from './framings/http-handler.js';
export {
  type AdminAccess,
  generateAdminAccess,
  readAdminFile,
  removeAdminFile,
  writeAdminFile,
} from './http/admin-file.js';
export { createRouter, type Exchange, type Route } from './http/router.js';
export type { StationControl, StationHealth } from './http/station-control.js';
export { type StationHttpParts, stationHttp } from './http/station-http.js';
export { type MessageStoreOptions, openMessageStore } from './level-message-store.js';
export { openUserDirectory, type UserDirectoryOptions } from './level-user-directory.js';
export { RateLimiter, type Rates } from './limits/rate-limiter.js';
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
export {
  PrometheusMetrics,
  type PrometheusMetricsOptions,
  type StationGauges,
} from './prometheus-metrics.js';
export { type ReceiverKind, receiverKind } from './receiver-kind.js';
export type { SessionDirectory } from './session.js';
export { StationRunningError } from './station-account.js';
export type {
  StationAddress,
  StationOptions,
  StationPorts,
  StationState,
  StationStatus,
} from './station-options.js';
export { StationRelay, type StationRelayOptions } from './station-relay.js';
export { StationServer } from './station-server.js';
export { readTls, TlsError, type TlsFiles, type TlsMaterial } from './tls.js';
export type { UserDirectory } from './user-directory.js';
