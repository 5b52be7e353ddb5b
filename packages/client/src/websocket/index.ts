/**
 * The way to a station by WebSocket, in Node and browsers.
 * @packageDocumentation
 */
export type { BackoffOptions } from './backoff.js';
export type { ConnectionState, UploadGrant } from './connection-state.js';
export { StationIdentityError } from './errors.js';
export type { StationAddress, StationTransportOptions } from './options.js';
export { StationTransport } from './station-transport.js';
