import type { OpenedDatabase } from '../database.js';
import type { Sealer } from '../sealer.js';

/**
 * How much work deriving a key from a passphrase is: memory of `128 * N * r` bytes, 1 GiB at most, time times `p`.
 * What lies outside is refused with a `UsageError`, as nothing that was written with it would be read again.
 */
export interface ScryptCost {
  /** A power of two, from 2 to 2^20 and below 2^(16 r). */
  readonly N: number;
  /** 1 to 32. */
  readonly r: number;
  /** 1 to 64. */
  readonly p: number;
}

/**
 * What is done by other code on other platforms. Which one a program gets is decided by the conditions of its
 * runtime or bundler, see `imports` in package.json.
 */
export interface Platform {
  /** @param key 32 bytes */
  createSealer(key: Uint8Array): Sealer;
  /** 32 bytes from a passphrase; other work goes on meanwhile. */
  scrypt(passphrase: Uint8Array, salt: Uint8Array, cost: ScryptCost): Promise<Uint8Array>;
  /**
   * Opens the database at a location, or makes one there.
   * @throws {StoreError} it is locked, cannot be read, or the disk is full
   */
  openLocation(location: string): Promise<OpenedDatabase>;
  /** Makes what can be made of a database that does not open. Resolves with what was done, for people. */
  repairLocation(location: string): Promise<string>;
}
