import type { SymmetricAlgorithm } from '../algorithm.js';
import { equalBytes, randomBytes } from '../bytes.js';
import { checkNumber } from '../check-arguments.js';
import { KeyFormatError, UsageError } from '../errors.js';
import { decodeBase64 } from '../format/base64.js';
import type { JsonObject, JsonValue } from '../json.js';
import { createAesKey } from './aes-key.js';
import { blockSize } from './pkcs7.js';

/**
 * AES-CBC with PKCS#7 padding.
 *
 * Wire: `{ algorithm: "AES", data, iv? }`, both base64; also read are the name `AES/CBC/PKCS7Padding` and the
 * member `IV`. Without either the iv is sixteen zero bytes. Makes keys of 256 bits unless told otherwise.
 * @see v1.md 2.2, v2.md 3.3
 */
export const aes: SymmetricAlgorithm = {
  code: 'AES',
  aliases: ['AES/CBC/PKCS7Padding'],

  parseKey(json) {
    const { data, iv } = readAesKey(json);
    return createAesKey(data, iv, json);
  },

  async generateKey({ bits = 256, signal } = {}) {
    checkNumber(bits, 'bits');
    if (![128, 192, 256].includes(bits)) {
      throw new UsageError(`Keys of AES have 128, 192 or 256 bits, not ${bits}.`);
    }
    signal?.throwIfAborted();
    return createAesKey(randomBytes(bits / 8), randomBytes(blockSize));
  },
};

/**
 * The bytes of a key object; their lengths are for `createAesKey` to check.
 * @throws {KeyFormatError} no base64 text, or two ivs that differ
 */
export function readAesKey(json: JsonObject): {
  readonly data: Uint8Array;
  readonly iv: Uint8Array | undefined;
} {
  const data = readBytes(json, 'data');
  if (data === undefined) throw new KeyFormatError('AES key: expected base64 text in data, got nothing.');
  const [iv, other] = [readBytes(json, 'iv'), readBytes(json, 'IV')];
  // peers look for either first, and would read different things
  if (iv !== undefined && other !== undefined && !equalBytes(iv, other)) {
    throw new KeyFormatError('AES key: expected one iv, got another in IV than in iv.');
  }
  return { data, iv: iv ?? other };
}

/** The longest base64 text that can hold a key of 32 bytes, and room for line ends. */
const longestText = 64;

function readBytes(json: JsonObject, name: string): Uint8Array | undefined {
  const text: JsonValue = json[name] ?? null;
  if (text === null) return undefined;
  if (typeof text !== 'string' || text.length > longestText) {
    throw new KeyFormatError(`AES key: expected base64 text of at most 32 bytes in ${name}.`);
  }
  try {
    return decodeBase64(text);
  } catch (cause) {
    throw new KeyFormatError(`AES key: expected base64 text with padding in ${name}.`, { cause });
  }
}
