import type { Writable } from 'node:stream';
import type { JsonObject, JsonValue } from '@dimp/crypto';

/** Whether a station does its work. */
export interface StationHealth {
  readonly isHealthy: boolean;
  /** `'running'`, `'stopping'`; whatever else there is to say in a word. */
  readonly state: string;
}

/** What an operator may do with a station that runs. */
export interface StationControl {
  /** Cheap: it is asked every few seconds. */
  health(): StationHealth;
  /** What `dims status` shows. */
  status(): JsonObject | Promise<JsonObject>;
  /** Who is here, one entry for each user. */
  users(): JsonValue[] | Promise<JsonValue[]>;
  /** Who was ever here: what `dims users` shows of them. */
  known(): JsonObject | Promise<JsonObject>;
  /**
   * Shuts a user out, or lets him in again.
   * @param id as the operator wrote it
   * @throws {ParseError} it is no ID
   */
  setBanned(id: string, isBanned: boolean): Promise<void>;
  /** Writes a backup of what is on disk and ends the stream. */
  backup(to: Writable): Promise<void>;
  /** Begins to stop; does not wait for the end, as that ends the connection that asked. */
  stop(): void;
}
