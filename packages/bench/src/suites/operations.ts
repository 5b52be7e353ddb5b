import { constants, privateDecrypt, publicEncrypt, sign, verify } from 'node:crypto';
import { type JsonObject, type PrivateKey, randomBytes } from '@dimp/crypto';
import { parsePrivateNumbers } from '@dimp/crypto/rsa';
import { PKCS1_KEM, PKCS1_SHA256 } from 'micro-rsa-dsa-dh/rsa.js';
import { generateKeys } from '../accounts.js';
import { privateKeyObject, publicKeyObject } from '../floors/key-objects.js';
import { interleave, type Pace, type Work } from '../interleave.js';
import { type Row, timeRow } from '../row.js';
import { loadSide, type SideName } from '../sides.js';
import type { Suite } from '../suite.js';
import { createProtocol } from '../world.js';

export const operationsSuite: Suite = {
  name: 'operations',
  about: 'one operation of a key: native over node:crypto, portable RSA over micro-rsa-dsa-dh',
  async *run(scope) {
    for (const kind of scope.accounts) {
      const keys = await generateKeys(kind);
      for (const sideName of scope.sides) {
        const side = await loadSide(sideName);
        const key = side.kit.parsePrivateKey(keys.sign, createProtocol(side));
        const name = `${sideName} ${kind.replace(/\+.*/, '')}`;
        yield* operationRows(name, key, otherWorks(sideName, key, keys.sign), scope);
      }
    }
  },
};

/** As long as the text of a message key, under a signature and inside a wrapped key. */
const data = randomBytes(105);

type Operation = 'sign' | 'verify' | 'encrypt' | 'decrypt';

async function* operationRows(
  name: string,
  key: PrivateKey,
  others: Partial<Record<Operation, Work>>,
  pace: Pace,
): AsyncGenerator<Row> {
  const { publicKey, decryption } = key;
  const signature = await key.sign(data);
  const ours: Partial<Record<Operation, Work>> = {
    sign: () => key.sign(data),
    verify: () => publicKey.verify(data, signature),
  };
  if (publicKey.encryption !== undefined && decryption !== undefined) {
    const ciphertext = await publicKey.encryption.encrypt(data);
    ours.encrypt = () => publicKey.encryption?.encrypt(data);
    ours.decrypt = () => decryption.decrypt(ciphertext);
  }
  for (const [operation, work] of Object.entries(ours) as [Operation, Work][]) {
    const other = others[operation];
    const times = await interleave({ work, ...(other && { other }) } as { work: Work; other: Work }, pace);
    const row = { suite: 'operations', name: `${name} ${operation}`, times: times.work };
    yield timeRow(other === undefined ? row : { ...row, floor: times.other });
  }
}

/** The same operations by somebody else. */
function otherWorks(side: SideName, key: PrivateKey, json: JsonObject): Partial<Record<Operation, Work>> {
  if (side === 'portable') return key.algorithm === 'RSA' ? libraryWorks(json) : {};
  const [privateObject, publicObject] = [privateKeyObject(key), publicKeyObject(key.publicKey)];
  const signature = sign('sha256', data, privateObject);
  const signing = {
    sign: () => sign('sha256', data, privateObject),
    verify: () => verify('sha256', data, publicObject, signature),
  };
  if (key.algorithm !== 'RSA') return signing;
  const padded = { key: publicObject, padding: constants.RSA_PKCS1_PADDING };
  const bare = { key: privateObject, padding: constants.RSA_NO_PADDING };
  const ciphertext = publicEncrypt(padded, data);
  return {
    ...signing,
    encrypt: () => publicEncrypt(padded, data),
    decrypt: () => privateDecrypt(bare, ciphertext),
  };
}

/** The fastest private operation found in pure JavaScript. */
function libraryWorks(json: JsonObject): Record<Operation, Work> {
  const { modulus, exponent, privateExponent } = parsePrivateNumbers(json);
  const publicKey = { n: modulus, e: exponent };
  const privateKey = { n: modulus, d: privateExponent };
  const signature = PKCS1_SHA256.sign(privateKey, data);
  const ciphertext = PKCS1_KEM.encrypt(publicKey, data);
  return {
    sign: () => PKCS1_SHA256.sign(privateKey, data),
    verify: () => PKCS1_SHA256.verify(publicKey, data, signature),
    encrypt: () => PKCS1_KEM.encrypt(publicKey, data),
    decrypt: () => PKCS1_KEM.decrypt(privateKey, ciphertext),
  };
}
