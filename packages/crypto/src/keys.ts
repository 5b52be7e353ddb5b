import { UnsupportedError } from './errors.js';
import type { JsonObject } from './json.js';

/** Checks signatures. */
export interface VerifyKey {
  /** Whether the signature was made over the data; false for a malformed one too, never an error. */
  verify(data: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** Makes signatures. */
export interface SignKey {
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** Encrypts for the holder of a private key. */
export interface EncryptKey {
  /** The most bytes one encryption takes. */
  readonly capacity: number;
  /** @throws {RangeError} more than `capacity` bytes */
  encrypt(plaintext: Uint8Array): Promise<Uint8Array>;
}

/** Decrypts what was encrypted for its public key. */
export interface DecryptKey {
  /**
   * The plaintext; or, when the ciphertext is not from the fitting public key, bytes that mean nothing
   * (implicit rejection). So a result is good only if it parses as what was expected.
   * @throws {DecryptError} when the ciphertext cannot be one for this key, such as another length
   */
  decrypt(ciphertext: Uint8Array): Promise<Uint8Array>;
}

/** The half of a key pair that everybody may know. */
export interface PublicKey extends VerifyKey {
  /** The algorithm's code: `'RSA'`, `'ECC'`. */
  readonly algorithm: string;
  /** Strength in bits: of the modulus, or of the curve's field. */
  readonly bits: number;
  /** Key data: the key itself in its one binary form. Equal keys have equal material, whatever their coat. */
  readonly material: Uint8Array;
  /** The key object as it came from the wire, or as it is written. */
  readonly json: JsonObject;
  /** Absent when the algorithm only signs. */
  readonly encryption?: EncryptKey;
}

/**
 * The half of a key pair that its owner keeps. It need not show its bytes, so a key in hardware fits:
 * `publicKey` and `sign` are all that is asked.
 */
export interface PrivateKey extends SignKey {
  readonly algorithm: string;
  readonly bits: number;
  readonly publicKey: PublicKey;
  /** Absent when the algorithm only signs. */
  readonly decryption?: DecryptKey;
}

/** What one encryption with a symmetric key may be told. */
export interface SymmetricOptions {
  /** Initial vector, in place of the one in the key. */
  readonly iv?: Uint8Array;
}

/** A key that both sides share. */
export interface SymmetricKey {
  /** The algorithm's code: `'AES'`. */
  readonly algorithm: string;
  readonly bits: number;
  encrypt(plaintext: Uint8Array, options?: SymmetricOptions): Promise<Uint8Array>;
  /** @throws {DecryptError} */
  decrypt(ciphertext: Uint8Array, options?: SymmetricOptions): Promise<Uint8Array>;
  /** As `encrypt` for data of any size, in memory bounded by the chunk. Absent when the algorithm has none. */
  encryptStream?(options?: SymmetricOptions): TransformStream<Uint8Array, Uint8Array>;
  /** As `decrypt`; the stream errors with `DecryptError` at its end, so use nothing before it has ended. */
  decryptStream?(options?: SymmetricOptions): TransformStream<Uint8Array, Uint8Array>;
}

/**
 * The method by which a key gives away its secret, as a symbol that is the same in every installed copy.
 * `JSON.stringify` does not see it.
 */
export const exportSecret: unique symbol = Symbol.for('@dimp/crypto exportSecret') as never;

/** A key that can be written down. */
export interface ExportableKey {
  [exportSecret](): JsonObject;
}

/**
 * The key object of a private or symmetric key, secret included.
 * @throws {UnsupportedError} when the key does not give its bytes away
 */
export function exportKey(key: PrivateKey | SymmetricKey): JsonObject {
  const give = (key as Partial<ExportableKey>)[exportSecret];
  if (typeof give === 'function') return give.call(key);
  throw new UnsupportedError('export of a key', key.algorithm, 'this key keeps its bytes to itself.');
}
