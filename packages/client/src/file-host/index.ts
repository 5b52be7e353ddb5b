/**
 * Files on the file host of a station.
 * @packageDocumentation
 */
export {
  type FileSession,
  HttpFileHost,
  type HttpFileHostOptions,
  type UploadPass,
} from './http-file-host.js';
export type { RetryOptions } from './pause.js';
