import type { JsonObject } from './json.js';
import type { PrivateKey, PublicKey, SymmetricKey } from './keys.js';
import type { Definition } from './registry.js';

/** What the making of a key may be told. */
export interface GenerateKeyOptions {
  /** Wanted strength in bits; the algorithm's own default when absent. */
  readonly bits?: number;
  /** Called from time to time with a share between 0 and 1 when making the key takes long. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Keys that come in pairs, of one kind: how to read and how to make them. */
export interface AsymmetricAlgorithm extends Definition {
  readonly code: string;
  readonly aliases?: readonly string[];
  /**
   * Reads a key object of this algorithm.
   * @throws {KeyFormatError} malformed, or outside the key policy
   */
  parsePublicKey(json: JsonObject): PublicKey;
  /** @throws {KeyFormatError} malformed, outside the key policy, or without its private half */
  parsePrivateKey(json: JsonObject): PrivateKey;
  generatePrivateKey(options?: GenerateKeyOptions): Promise<PrivateKey>;
}

/** Keys that are shared, of one kind. */
export interface SymmetricAlgorithm extends Definition {
  readonly code: string;
  readonly aliases?: readonly string[];
  /** @throws {KeyFormatError} malformed */
  parseKey(json: JsonObject): SymmetricKey;
  generateKey(options?: GenerateKeyOptions): Promise<SymmetricKey>;
}
