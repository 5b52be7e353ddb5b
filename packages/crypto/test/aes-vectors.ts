import { describe, expect, it } from '@jest/globals';
import { aes, createAesKey } from '../src/aes/index.js';
import type { JsonObject } from '../src/index.js';
import { bytes, hexBytes, readWycheproof, vectors } from './vectors.js';

const decryptError = expect.objectContaining({ code: 'ERR_DECRYPT' });

/** Everything that is known of ciphertexts of AES, for whichever code does the blocks in the file that calls it. */
export function aesVectorSuites(): void {
  describe('vectors of generation 1: aes.json', generation1);
  describe('vectors of generation 2: encryption.json', generation2);
  describe('Wycheproof: aes_cbc_pkcs5', adversarial);
}

interface Case1 {
  readonly name: string;
  readonly op: string;
  readonly in: { readonly key: JsonObject; readonly plaintext: string; readonly ciphertext: string };
  readonly out: { readonly ciphertext: string; readonly refused?: true };
}

function generation1(): void {
  it.each(vectors<Case1>('v1/aes'))('$op: $name', async ({ op, in: given, out }) => {
    const key = aes.parseKey(given.key);
    if (op === 'aes-encrypt') {
      expect(await key.encrypt(bytes(given.plaintext))).toEqual(bytes(out.ciphertext));
      expect(await key.decrypt(bytes(out.ciphertext))).toEqual(bytes(given.plaintext));
    } else {
      expect(out.refused).toBe(true);
      await expect(key.decrypt(bytes(given.ciphertext))).rejects.toThrow(decryptError);
    }
  });
}

interface Case2 {
  readonly kind: string;
  readonly case?: string;
  readonly note?: string;
  readonly key: JsonObject;
  readonly extra: { readonly IV?: string; readonly iv?: string };
  readonly data: string;
  readonly ciphertext: string;
  readonly decrypts: string;
}

function generation2(): void {
  const cases = vectors<Case2>('v2/encryption');
  it.each(cases.filter(({ kind }) => kind === 'aes'))('aes $note $data', async vector => {
    const iv = vector.extra.IV ?? vector.extra.iv;
    const options = iv === undefined ? {} : { iv: bytes(iv) };
    const key = aes.parseKey(vector.key);
    expect(await key.decrypt(bytes(vector.ciphertext), options)).toEqual(bytes(vector.decrypts));
    expect(await key.encrypt(bytes(vector.data), options)).toEqual(bytes(vector.ciphertext));
  });

  it.each(cases.filter(({ kind }) => kind === 'aes-negative'))('aes-negative $case', async vector => {
    const iv = bytes(vector.extra.IV as string);
    const key = aes.parseKey(vector.key);
    await expect(key.decrypt(bytes(vector.ciphertext), { iv })).rejects.toThrow(decryptError);
  });
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly key: string;
      readonly iv: string;
      readonly msg: string;
      readonly ct: string;
      readonly result: string;
    }[];
  }[];
}

function adversarial(): void {
  const file = readWycheproof<Wycheproof>('aes_cbc_pkcs5_test');
  if (file === undefined) {
    it.skip('needs its folder testvectors_v1 in DIMP_WYCHEPROOF', () => undefined);
    return;
  }
  it.each(file.testGroups.flatMap(({ tests }) => tests))('$tcId $result: $comment', async test => {
    const key = createAesKey(hexBytes(test.key), hexBytes(test.iv));
    if (test.result === 'valid') {
      expect(await key.encrypt(hexBytes(test.msg))).toEqual(hexBytes(test.ct));
      expect(await key.decrypt(hexBytes(test.ct))).toEqual(hexBytes(test.msg));
    } else {
      await expect(key.decrypt(hexBytes(test.ct))).rejects.toThrow(decryptError);
    }
  });
}
