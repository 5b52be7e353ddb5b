import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodePemBlock, findPemBlocks } from '../../src/asn1/pem.js';
import {
  createRsaPrivateKey,
  createRsaPublicKey,
  decodeKey,
  type RsaPrivateKey,
} from '../../src/rsa/index.js';
import { fromHex } from './kit.js';

interface Test {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags: readonly string[];
  readonly msg: string;
  readonly ct?: string;
  readonly sig?: string;
}

interface Group {
  readonly sha?: string;
  readonly privateKeyPem?: string;
  readonly publicKeyPem?: string;
  readonly tests: readonly Test[];
}

// C2SP/wycheproof, folder testvectors_v1
const folder = process.env['DIMP_WYCHEPROOF'];

function readGroups(name: string): readonly Group[] {
  const text = readFileSync(join(folder as string, `${name}.json`), 'utf8');
  return (JSON.parse(text) as { readonly testGroups: readonly Group[] }).testGroups;
}

function readKey(pem: string | undefined): ReturnType<typeof decodeKey> {
  const [block] = findPemBlocks(pem ?? '');
  if (block === undefined) throw new Error('no PEM in the test group');
  return decodeKey(decodePemBlock(block));
}

// below the key policy on purpose: some groups have exponent 3
function readPrivateKey(pem: string | undefined): RsaPrivateKey {
  const key = readKey(pem);
  if (key.kind !== 'private') throw new Error('no private key in the test group');
  return createRsaPrivateKey(key.numbers);
}

if (folder === undefined) {
  describe('Wycheproof', () => {
    it.skip('needs its folder testvectors_v1 in DIMP_WYCHEPROOF', () => undefined);
  });
} else {
  describe.each([2048, 3072, 4096])('Wycheproof decryption, %i bits', bits => {
    it('gives the message of valid cases and never that of invalid ones', async () => {
      const wrong: number[] = [];
      let count = 0;
      for (const group of readGroups(`rsa_pkcs1_${bits}_test`)) {
        const key = readPrivateKey(group.privateKeyPem);
        for (const { tcId, msg, ct = '', result } of group.tests) {
          let message: string | undefined;
          try {
            message = Buffer.from(await key.decryption.decrypt(fromHex(ct))).toString('hex');
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_DECRYPT' });
          }
          count++;
          if ((message === msg) !== (result === 'valid')) wrong.push(tcId);
        }
      }
      expect(count).toBeGreaterThan(60);
      expect(wrong).toEqual([]);
    });
  });

  describe.each([2048, 3072, 4096])('Wycheproof signatures, %i bits', bits => {
    it('are verified and refused as they should be', async () => {
      const wrong: number[] = [];
      let count = 0;
      for (const group of readGroups(`rsa_signature_${bits}_sha256_test`)) {
        const publicKey = createRsaPublicKey(readKey(group.publicKeyPem).numbers);
        for (const { tcId, msg, sig = '', result, flags } of group.tests) {
          const verified = await publicKey.verify(fromHex(msg), fromHex(sig));
          // "acceptable": a small exponent is judged by the key policy; a DigestInfo without its NULL is refused
          const expected = result === 'valid' || (result === 'acceptable' && !flags.includes('MissingNull'));
          count++;
          if (verified !== expected) wrong.push(tcId);
        }
      }
      expect(count).toBeGreaterThan(250);
      expect(wrong).toEqual([]);
    });
  });

  describe.each([1024, 2048])('Wycheproof signing, %i bits', bits => {
    it('gives exactly the signatures of the SHA-256 groups', async () => {
      const wrong: number[] = [];
      let count = 0;
      for (const group of readGroups(`rsa_pkcs1_${bits}_sig_gen_test`)) {
        if (group.sha !== 'SHA-256') continue;
        const key = readPrivateKey(group.privateKeyPem);
        for (const { tcId, msg, sig } of group.tests) {
          count++;
          if (Buffer.from(await key.sign(fromHex(msg))).toString('hex') !== sig) wrong.push(tcId);
        }
      }
      expect(count).toBeGreaterThan(8);
      expect(wrong).toEqual([]);
    });
  });
}
