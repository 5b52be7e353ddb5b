import type { JsonObject } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import { aes, ecc, rsa } from '../src/index.js';
import { fromHex, outcome, wycheproof, wycheproofGroups } from './kit.js';

interface Test {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly msg: string;
  readonly ct?: string;
  readonly sig?: string;
  readonly key?: string;
  readonly iv?: string;
}

interface Group {
  readonly sha?: string;
  readonly privateKeyPem?: string;
  readonly publicKeyPem?: string;
  readonly tests: readonly Test[];
}

const keyObject = (data: string | undefined): JsonObject => ({ algorithm: 'RSA', data: data ?? '' });
const refusedKey = { error: 'ERR_KEY_FORMAT' };
const base64 = (hex: string | undefined) => Buffer.from(hex ?? '', 'hex').toString('base64');

/** Groups whose key the policy lets pass; the others, with exponent 3, must be refused. */
async function usableGroups(name: string, parse: (group: Group) => unknown): Promise<readonly Group[]> {
  const usable: Group[] = [];
  for (const group of wycheproofGroups<Group>(name)) {
    const parsed = await outcome(() => parse(group));
    if ('error' in (parsed as object)) expect(parsed).toEqual(refusedKey);
    else usable.push(group);
  }
  return usable;
}

if (wycheproof === undefined) {
  describe('Wycheproof', () => {
    it.skip('needs its folder testvectors_v1 in DIMP_WYCHEPROOF', () => undefined);
  });
} else {
  it.each([2048, 3072, 4096])('Wycheproof: RSA decryption, %i bits', async bits => {
    const wrong: number[] = [];
    let count = 0;
    const parse = (group: Group) => rsa.parsePrivateKey(keyObject(group.privateKeyPem));
    for (const group of await usableGroups(`rsa_pkcs1_${bits}_test`, parse)) {
      const key = parse(group);
      for (const { tcId, msg, ct = '', result } of group.tests) {
        const found = await outcome(() => key.decryption?.decrypt(fromHex(ct)));
        const good = JSON.stringify(found) === JSON.stringify({ result: fromHex(msg) });
        if (good !== (result === 'valid')) wrong.push(tcId);
        if ('error' in (found as object)) expect(found).toEqual({ error: 'ERR_DECRYPT' });
        count++;
      }
    }
    expect(count).toBeGreaterThan(60);
    expect(wrong).toEqual([]);
  });

  it.each([2048, 3072, 4096])('Wycheproof: RSA signatures, %i bits', async bits => {
    const wrong: number[] = [];
    let count = 0;
    const parse = (group: Group) => rsa.parsePublicKey(keyObject(group.publicKeyPem));
    for (const group of await usableGroups(`rsa_signature_${bits}_sha256_test`, parse)) {
      const key = parse(group);
      for (const { tcId, msg, sig = '', result } of group.tests) {
        // "acceptable" is a DigestInfo without its NULL, which is refused
        if ((await key.verify(fromHex(msg), fromHex(sig))) !== (result === 'valid')) wrong.push(tcId);
        count++;
      }
    }
    expect(count).toBeGreaterThan(250);
    expect(wrong).toEqual([]);
  });

  it.each([1024, 2048])('Wycheproof: RSA signing, %i bits', async bits => {
    const wrong: number[] = [];
    let count = 0;
    const parse = (group: Group) => rsa.parsePrivateKey(keyObject(group.privateKeyPem));
    for (const group of await usableGroups(`rsa_pkcs1_${bits}_sig_gen_test`, parse)) {
      if (group.sha !== 'SHA-256') continue;
      const key = parse(group);
      for (const { tcId, msg, sig } of group.tests) {
        if (Buffer.from(await key.sign(fromHex(msg))).toString('hex') !== sig) wrong.push(tcId);
        count++;
      }
    }
    expect(count).toBeGreaterThan(7);
    expect(wrong).toEqual([]);
  });

  it('Wycheproof: ECDSA over secp256k1', async () => {
    const wrong: number[] = [];
    let count = 0;
    for (const group of wycheproofGroups<Group>('ecdsa_secp256k1_sha256_test')) {
      const key = ecc.parsePublicKey({ algorithm: 'ECC', data: group.publicKeyPem ?? '' });
      for (const { tcId, msg, sig = '', result } of group.tests) {
        if ((await key.verify(fromHex(msg), fromHex(sig))) !== (result === 'valid')) wrong.push(tcId);
        count++;
      }
    }
    expect(count).toBeGreaterThan(400);
    expect(wrong).toEqual([]);
  });

  it('Wycheproof: AES-CBC', async () => {
    const wrong: number[] = [];
    let count = 0;
    for (const { tests } of wycheproofGroups<Group>('aes_cbc_pkcs5_test')) {
      for (const { tcId, key, iv, msg, ct = '', result } of tests) {
        const made = aes.parseKey({ algorithm: 'AES', data: base64(key), iv: base64(iv) });
        const expected = result === 'valid' ? { result: fromHex(msg) } : { error: 'ERR_DECRYPT' };
        expect(await outcome(() => made.decrypt(fromHex(ct)))).toEqual(expected);
        const sent = Buffer.from(await made.encrypt(fromHex(msg))).toString('hex');
        if (result === 'valid' && sent !== ct) wrong.push(tcId);
        count++;
      }
    }
    expect(count).toBeGreaterThan(150);
    expect(wrong).toEqual([]);
  });
}
