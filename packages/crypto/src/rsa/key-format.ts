import { decodePemBlock, findPemBlocks, formatPemBlock, type PemBlock } from '../asn1/pem.js';
import { KeyFormatError } from '../errors.js';
import { describeJson, type JsonObject } from '../json.js';
import { decodeKey, encodePrivateKey, encodePublicKey } from './key-der.js';
import { checkConsistent, type RsaPrivateNumbers, type RsaPublicNumbers } from './numbers.js';
import { checkPublicNumbers } from './policy.js';

/**
 * Reads the numbers of a public key object, `{ algorithm, data: <PEM>, … }`, and checks them by the policy.
 *
 * Labels `PUBLIC KEY` and `RSA PUBLIC KEY`, either with SubjectPublicKeyInfo or with bare PKCS#1.
 * @throws {KeyFormatError} no such key, several, or a private one: who shows that has lost it
 * @throws {LimitError} a text longer than any key
 * @see v1.md 2.1
 */
export function parsePublicNumbers(json: JsonObject): RsaPublicNumbers {
  const blocks = findPemBlocks(dataOf(json));
  if (blocks.some(isPrivate)) throw privateInPublic();
  const found = blocks.filter(({ label }) => label === 'PUBLIC KEY' || label === 'RSA PUBLIC KEY');
  const [block] = found;
  if (block === undefined || found.length > 1) {
    throw new KeyFormatError(
      `The RSA public key text has ${found.length} blocks of a public key; expected one PEM block labelled PUBLIC KEY.`,
    );
  }
  const key = decodeKey(decodePemBlock(block));
  if (key.kind === 'private') throw privateInPublic();
  checkPublicNumbers(key.numbers);
  return key.numbers;
}

/**
 * Reads the numbers of a private key object and checks them by the policy and against each other.
 *
 * The last block labelled `RSA PRIVATE KEY` counts, or if there is none the last labelled `PRIVATE KEY`;
 * either with PKCS#1 or PKCS#8. Public blocks beside it are skipped.
 * @throws {KeyFormatError} no such key, or only its public half
 * @throws {LimitError} a text longer than any key
 * @see v1.md 2.1, v2.md 3.1
 */
export function parsePrivateNumbers(json: JsonObject): RsaPrivateNumbers {
  const blocks = findPemBlocks(dataOf(json)).reverse();
  const block =
    blocks.find(({ label }) => label === 'RSA PRIVATE KEY') ??
    blocks.find(({ label }) => label === 'PRIVATE KEY');
  if (block === undefined) {
    throw new KeyFormatError(
      'The RSA private key text has no block of a private key; ' +
        'expected PEM labelled RSA PRIVATE KEY or PRIVATE KEY, unencrypted.',
    );
  }
  const key = decodeKey(decodePemBlock(block));
  if (key.kind === 'public') {
    throw new KeyFormatError(
      'This RSA key is public; expected the private key. Give the file with the private half.',
    );
  }
  checkPublicNumbers(key.numbers);
  checkConsistent(key.numbers);
  return key.numbers;
}

/** The public key object as it is written: five members, SubjectPublicKeyInfo in PEM. */
export function formatPublicKey(numbers: RsaPublicNumbers): JsonObject {
  return keyObject(formatPemBlock('PUBLIC KEY', encodePublicKey(numbers)));
}

/** The private key object as it is written: five members, PKCS#1 in PEM. Secret. */
export function formatPrivateKey(numbers: RsaPrivateNumbers): JsonObject {
  return keyObject(formatPemBlock('RSA PRIVATE KEY', encodePrivateKey(numbers)));
}

/** `mode`, `padding` and `digest` are decoration that peers write and nobody evaluates. */
function keyObject(data: string): JsonObject {
  return Object.freeze({ algorithm: 'RSA', data, mode: 'ECB', padding: 'PKCS1', digest: 'SHA256' });
}

function dataOf(json: JsonObject): string {
  const data = Object.hasOwn(json, 'data') ? json['data'] : undefined;
  if (typeof data === 'string') return data;
  throw new KeyFormatError(`RSA key with ${describeJson(data)} in "data"; expected PEM text.`);
}

function isPrivate({ label }: PemBlock): boolean {
  return label.endsWith('PRIVATE KEY');
}

function privateInPublic(): KeyFormatError {
  return new KeyFormatError(
    'A private RSA key stands where a public one belongs; expected a public key. ' +
      'Consider the private key as known to others and make a new one.',
  );
}
