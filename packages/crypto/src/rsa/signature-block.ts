import { concatBytes } from '../bytes.js';
import { sha256 } from '../digest/sha256.js';

/** DigestInfo of SHA-256 up to the digest itself. */
const digestInfo = /* @__PURE__ */ Uint8Array.of(
  ...[0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
  ...[0x05, 0x00, 0x04, 0x20],
);

/**
 * EMSA-PKCS1-v1_5 with SHA-256: the one block that stands for the data.
 *
 * A verifier builds it too and compares: whoever takes the block apart instead accepts forgeries.
 * @param length bytes of the modulus
 * @throws {RangeError} a modulus of less than 62 bytes
 * @see RFC 8017 9.2
 */
export function signatureBlock(data: Uint8Array, length: number): Uint8Array {
  const filler = length - 3 - digestInfo.length - 32;
  if (filler < 8) throw new RangeError(`expected a modulus of at least 62 bytes, got ${length}`);
  return concatBytes(
    Uint8Array.of(0, 1),
    new Uint8Array(filler).fill(0xff),
    Uint8Array.of(0),
    digestInfo,
    sha256(data),
  );
}
