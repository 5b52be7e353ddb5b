import type { Awaitable } from '@dimp/mkm';

/**
 * Seals records with AES-256-GCM under one key.
 *
 * A sealed record is 12 random bytes, drawn anew for every record, then the ciphertext, then 16 bytes of tag. The
 * record's key goes in as associated data, so a record that was moved to another key does not open.
 */
export interface Sealer {
  /** Whether `seal` and `open` give their result at once. */
  readonly isSync: boolean;
  seal(value: Uint8Array, key: Uint8Array): Awaitable<Uint8Array>;
  /** Undefined when the record is damaged, or was sealed under another key. */
  open(sealed: Uint8Array, key: Uint8Array): Awaitable<Uint8Array | undefined>;
}

/** Bytes of the nonce in front. */
export const nonceBytes = 12;
/** Bytes of the tag at the end. */
export const tagBytes = 16;
