import { md5, ripemd160, sha1, sha256 } from '@dimp/crypto/digest';
import {
  decodeBase58,
  decodeBase64,
  decodeHex,
  encodeBase58,
  encodeBase64,
  encodeHex,
} from '@dimp/crypto/format';
import type { Operation } from '../operation.js';

/** Digests of bytes, and bytes as text. */
export const digestOperations: readonly Operation[] = [
  {
    code: 'digests',
    run(input) {
      const data = input.bytes('data');
      return {
        md5: encodeHex(md5(data)),
        sha1: encodeHex(sha1(data)),
        sha256: encodeHex(sha256(data)),
        ripemd160: encodeHex(ripemd160(data)),
        hex: encodeHex(data),
        base64: encodeBase64(data),
        base58: encodeBase58(data),
      };
    },
  },
  decoding('base58-decode', decodeBase58),
  decoding('base64-decode', decodeBase64),
  decoding('hex-decode', decodeHex),
];

function decoding(code: string, decode: (text: string) => Uint8Array): Operation {
  return { code, run: input => ({ data: encodeBase64(decode(input.text('text'))) }) };
}
