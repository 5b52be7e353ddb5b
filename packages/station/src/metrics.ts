import type { RefusalReason } from './refusal.js';

/** What the parts of a station tell of their work. Calls are cheap and never throw. */
export interface Metrics {
  connectionOpened(framing: string): void;
  connectionClosed(framing: string): void;
  loggedIn(): void;
  /** A message was handed to a session of its receiver. @param seconds since it came to the station */
  delivered(seconds: number): void;
  /** A message was taken in. @param seconds from its arrival until it was on disk */
  accepted(seconds: number): void;
  stored(bytes: number): void;
  repeated(): void;
  /** A message, or the part of a group message for one member, was not taken. */
  refused(reason: RefusalReason): void;
  command(name: string): void;
  fileUploaded(bytes: number): void;
  fileDownloaded(bytes: number): void;
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  connectionOpened() {},
  connectionClosed() {},
  loggedIn() {},
  delivered() {},
  accepted() {},
  stored() {},
  repeated() {},
  refused() {},
  command() {},
  fileUploaded() {},
  fileDownloaded() {},
};
