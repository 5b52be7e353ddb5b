import { decodeBase64 } from '../format/base64.js';
import { decodeHex } from '../format/hex.js';
import { encodeUtf8 } from '../format/utf8.js';
import type { JsonObject } from '../json.js';
import type { SignatureVector } from './signature.js';
import type { SymmetricVector } from './symmetric.js';

const hulk: JsonObject = {
  algorithm: 'RSA',
  data:
    '-----BEGIN PUBLIC KEY-----\n' +
    'MIGJAoGBALB+vbUK48UU9rjlgnohQowME+3JtTb2hLPqtatVOW364/EKFq0/PSdnZVE9V2Zq+pbX7dj3nCS4pWnYf40ELH8wuDm0' +
    'Tc4jQ70v4LgAcdy3JGTnWUGiCsY+0Z8kNzRkm3FJid592FL7ryzfvIzB9bjg8U2JqlyCVAyUYEnKv4lDAgMBAAE=\n' +
    '-----END PUBLIC KEY-----',
};

const hulkFingerprint =
  'jIPGWpWSbR/DQH6ol3t9DSFkYroVHQDvtbJErmFztMUP2DgRrRSNWuoKY5Y26qL38wfXJQXjYiWqNWKQmQe/gK8M8NkU7lRwm+2nh9wS' +
  'BYV6Q4WXsCboKbnM0+HVn9Vdfp21hMMGrxTX1pBPRbi0567ZjNQC8ffdW2WvQSoec2I=';

/** For RSA: the published meta of the test user `hulk`, whose PKCS#1 key stands under the label of another form. */
export const rsaVectors: readonly SignatureVector[] = [
  signature('meta of hulk', hulk, 'hulk', hulkFingerprint, true),
  signature('meta of hulk over another name', hulk, 'hulk2', hulkFingerprint, false),
];

const point: JsonObject = {
  algorithm: 'ECC',
  data:
    '0406933ff50a500c843b37eaa80d6d90e2a3b56d74be0dfac12887afadca2d1769' +
    '94407d4a445f6fc0d463a4385ab6b9cf726a18886cee573f9c4fbea23523c0ec',
};

/** For ECC: high s is accepted, every form but the one DER is not. */
export const eccVectors: readonly SignatureVector[] = [
  signature(
    'high s',
    point,
    'Hello, 世界',
    'MEUCIGSCxNjce6X1iz4a9jCg0zMOyU1vUNwkTbEDeBNWSXfEAiEA4Eti9FvlhIdjHm+uQcoyvhXiaZdSy1ZtKXyVkeD9XeY=',
    true,
  ),
  signature(
    'trailing byte',
    point,
    'negative visible',
    'MEQCIB7oQRiFic5/ox92BWc+8uPpbCarSYT9oFS+L/ViCPWPAiBqi47WjYE34gF/+4dfVkWQ5HVmO+net6VOvnIYlOzwBgA=',
    false,
  ),
  signature(
    'compact',
    point,
    'negative visible',
    'HuhBGIWJzn+jH3YFZz7y4+lsJqtJhP2gVL4v9WII9Y9qi47WjYE34gF/+4dfVkWQ5HVmO+net6VOvnIYlOzwBg==',
    false,
  ),
  signature('r is zero', point, 'abc', 'MAYCAQACAQE=', false),
];

const counted: JsonObject = {
  algorithm: 'AES',
  data: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  iv: 'AAECAwQFBgcICQoLDA0ODw==',
};
const noIv: JsonObject = { algorithm: 'AES', data: counted['data'] as string };

/** For AES-CBC: whole ciphertexts, and paddings that a reader of the last byte alone would let pass. */
export const aesVectors: readonly SymmetricVector[] = [
  { ...cipher('nothing', counted, '6cPvirI0U+bwdJzWNueojg=='), plaintext: encodeUtf8('') },
  {
    ...cipher('fifteen letters', counted, '596IcHauc0nHBV/Wb57dUQ=='),
    plaintext: encodeUtf8('a'.repeat(15)),
  },
  {
    ...cipher('iv of zeros when there is none', noIv, 'kWhEh8NMNFbrTpAc74hKHg=='),
    plaintext: encodeUtf8('hello'),
  },
  {
    ...cipher('iv beside the ciphertext', noIv, '6cPvirI0U+bwdJzWNueojg=='),
    iv: decodeHex('000102030405060708090a0b0c0d0e0f'),
    plaintext: encodeUtf8(''),
  },
  cipher('padding of zero bytes', counted, 'nn2Irl9AwqS79PhX6n6HfQ=='),
  cipher('padding of unequal bytes', counted, 'VxkWujSC5vMe2reuYBy2mA=='),
  cipher('no whole block', counted, 'uYAeESTWEu692pqdh//7'),
  cipher('no bytes', counted, ''),
];

function signature(
  name: string,
  publicKey: JsonObject,
  text: string,
  base64: string,
  valid: boolean,
): SignatureVector {
  return { name, publicKey, data: encodeUtf8(text), signature: decodeBase64(base64), valid };
}

function cipher(name: string, key: JsonObject, base64: string): SymmetricVector {
  return { name, key, ciphertext: decodeBase64(base64) };
}
