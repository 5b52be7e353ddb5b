import type { OpenedDatabase } from '../database.js';
import type { Sealer } from '../sealer.js';

/** How much work deriving a key from a passphrase is: memory of `128 * N * r` bytes, time times `p`. */
export interface ScryptCost {
  /** A power of two. */
  readonly N: number;
  readonly r: number;
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
