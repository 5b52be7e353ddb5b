import { concatBytes, equalBytes } from '@dimp/crypto';
import { ripemd160, sha256 } from '@dimp/crypto/digest';
import { decodeBase58, encodeBase58 } from '@dimp/crypto/format';
import type { Address, AddressFormat } from './address.js';

/**
 * Makes the address of a fingerprint for a network (v1.md 3.2).
 *
 * 25 bytes in Base58: network (1), RIPEMD-160 of SHA-256 of the fingerprint (20), check (4), which is the
 * beginning of the double SHA-256 of the 21 bytes before it.
 */
export function createBtcAddress(fingerprint: Uint8Array, network: number): Address {
  if (!Number.isInteger(network) || network < 0 || network > 0xff) {
    throw new RangeError(`network: expected 0 to 255, got ${network}`);
  }
  const head = concatBytes(Uint8Array.of(network), ripemd160(sha256(fingerprint)));
  const check = checkCode(head);
  return {
    kind: 'btc',
    text: encodeBase58(concatBytes(head, check)),
    network,
    number: searchNumber(check),
  };
}

/** Addresses as Bitcoin writes them. */
export const btcAddress: AddressFormat = {
  kind: 'btc',
  parse(text) {
    // 25 bytes take 26 to 35 letters; this also keeps long texts away from the square-time base58
    if (text.length < 26 || text.length > 35 || !base58Letters.test(text)) return undefined;
    const data = decodeBase58(text);
    if (data.length !== 25) return undefined;
    const check = data.subarray(21);
    if (!equalBytes(checkCode(data.subarray(0, 21)), check)) return undefined;
    return { kind: 'btc', text, network: data[0] as number, number: searchNumber(check) };
  },
};

const base58Letters = /^[1-9A-HJ-NP-Za-km-z]+$/;

function checkCode(head: Uint8Array): Uint8Array {
  return sha256(sha256(head)).subarray(0, 4);
}

/** The check bytes as an unsigned little-endian integer. */
function searchNumber(check: Uint8Array): number {
  return new DataView(check.buffer, check.byteOffset, 4).getUint32(0, true);
}
