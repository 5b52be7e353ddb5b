import type { UserName } from './message-keys.js';

/** Bytes of a digest. Its words are written with the highest byte first. */
export const digestBytes = 16;

/** What tells a message from all others: 128 bits as four whole numbers. */
export interface Digest {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/**
 * The digest of a message from one user to another: half of the SHA-256 of what was signed, with the hashes of both
 * mixed in. The sender's is turned, so that a message and the same one back are two.
 */
export function mixDigest(receiver: UserName, sender: UserName, signed: Uint8Array): Digest {
  const [to, from] = [receiver.bytes, sender.bytes];
  return {
    a: word(signed, 0) ^ word(to, 0) ^ word(from, 4),
    b: word(signed, 4) ^ word(to, 4) ^ word(from, 8),
    c: word(signed, 8) ^ word(to, 8) ^ word(from, 12),
    d: word(signed, 12) ^ word(to, 12) ^ word(from, 0),
  };
}

export function readDigest(bytes: Uint8Array, at: number): Digest {
  return { a: word(bytes, at), b: word(bytes, at + 4), c: word(bytes, at + 8), d: word(bytes, at + 12) };
}

export function writeDigest({ a, b, c, d }: Digest, bytes: Uint8Array, at: number): void {
  writeWord(a, bytes, at);
  writeWord(b, bytes, at + 4);
  writeWord(c, bytes, at + 8);
  writeWord(d, bytes, at + 12);
}

/** Digests one behind the other. */
export function formatDigests(digests: readonly Digest[]): Uint8Array {
  const bytes = new Uint8Array(digests.length * digestBytes);
  for (const [index, digest] of digests.entries()) writeDigest(digest, bytes, index * digestBytes);
  return bytes;
}

/** Whether one of the digests that lie one behind the other is this one. */
export function holdsDigest(bytes: Uint8Array, { a, b, c, d }: Digest): boolean {
  for (let at = 0; at + digestBytes <= bytes.length; at += digestBytes) {
    if (word(bytes, at) !== a) continue;
    if (word(bytes, at + 4) === b && word(bytes, at + 8) === c && word(bytes, at + 12) === d) return true;
  }
  return false;
}

/** Four bytes, the highest first: an order by first words is one by bytes. */
function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function writeWord(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
