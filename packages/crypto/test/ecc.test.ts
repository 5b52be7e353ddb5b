import { createPrivateKey, createPublicKey, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createEccPrivateKey, createEccPublicKey, ecc } from '../src/ecc/index.js';
import { encodeHex } from '../src/format/index.js';
import { createRegistry, exportKey, type JsonObject, parsePublicKey } from '../src/index.js';
import { matchKeys } from '../src/match.js';
import { bytes, hexBytes, readWycheproof, vectors } from './vectors.js';

const secretHex = '6f2ea7fe49b27ca7eb12d91a2e087e182d4a7e71a511c58ebabac961f9693a1d';
const keyFormat = expect.objectContaining({ code: 'ERR_KEY_FORMAT' });

interface KeyCase {
  readonly kind: string;
  readonly form: string;
  readonly key: JsonObject;
  readonly parsed: boolean;
  readonly private: JsonObject;
  readonly public: JsonObject;
  readonly accepted: boolean;
  readonly private_raw_hex: string;
  readonly public_raw_hex: string;
}

describe('vectors: keys', () => {
  const cases = vectors<KeyCase>('v2/keys');
  it.each(cases.filter(({ kind }) => kind === 'ecc'))('pair $public_raw_hex', async vector => {
    const privateKey = ecc.parsePrivateKey(vector.private);
    const publicKey = ecc.parsePublicKey(vector.public);
    expect(encodeHex(privateKey.publicKey.material)).toBe(vector.public_raw_hex);
    expect(encodeHex(publicKey.material)).toBe(vector.public_raw_hex);
    expect(exportKey(privateKey)).toEqual(vector.private);
    expect(publicKey.json).toEqual(vector.public);
    expect(publicKey.encryption).toBeUndefined();
    expect(privateKey.decryption).toBeUndefined();
    expect(await matchKeys(publicKey, privateKey)).toBe(true);
  });

  it.each(cases.filter(({ kind }) => kind === 'ecc-form'))('form $form, accepted: $accepted', vector => {
    const read = () =>
      vector.private === undefined
        ? ecc.parsePublicKey(vector.public)
        : ecc.parsePrivateKey(vector.private).publicKey;
    if (vector.accepted) expect(encodeHex(read().material)).toBe(vector.public_raw_hex);
    else expect(read).toThrow(keyFormat);
  });

  const context = { asymmetric: createRegistry('asymmetric algorithm', [ecc]) };
  const others = cases.filter(
    ({ kind, key }) => kind === 'public-parse' && /^(?!.*RSA)/.test(String(key['algorithm'])),
  );
  it.each(others)('public key $key.algorithm, parsed: $parsed', ({ key, parsed }) => {
    if (parsed) expect(parsePublicKey(key, context).algorithm).toBe('ECC');
    else expect(() => parsePublicKey(key, context)).toThrow();
  });
});

describe('vectors: signatures', () => {
  interface SignatureCase {
    readonly kind: string;
    readonly form?: string;
    readonly case?: string;
    readonly private: JsonObject;
    readonly public: JsonObject;
    readonly data: string;
    readonly signature: string;
    readonly valid: boolean;
  }
  const cases = vectors<SignatureCase>('v2/signatures');
  it.each(cases.filter(({ kind }) => kind.startsWith('ecc')))('$kind $form $case: $valid', async vector => {
    const publicKey = ecc.parsePublicKey(vector.public);
    const data = bytes(vector.data);
    expect(await publicKey.verify(data, bytes(vector.signature))).toBe(vector.valid);
    if (vector.private === undefined) return;
    const privateKey = ecc.parsePrivateKey(vector.private);
    const signature = await privateKey.sign(data);
    expect(await publicKey.verify(data, signature)).toBe(true);
    expect(await privateKey.sign(data)).toEqual(signature);
  });
});

describe('keys', () => {
  it('are written as hex, with four members', () => {
    const privateKey = createEccPrivateKey(hexBytes(secretHex));
    expect(exportKey(privateKey)).toEqual({
      algorithm: 'ECC',
      data: secretHex,
      curve: 'SECP256k1',
      digest: 'SHA256',
    });
    const { json, material } = privateKey.publicKey;
    expect(json).toEqual({
      algorithm: 'ECC',
      data: encodeHex(material),
      curve: 'SECP256k1',
      digest: 'SHA256',
    });
    expect(material).toHaveLength(65);
    expect(material[0]).toBe(4);
  });

  it('do not show the secret', () => {
    for (const key of [
      ecc.parsePrivateKey({ algorithm: 'ECC', data: secretHex }),
      createEccPrivateKey(hexBytes(secretHex)),
    ]) {
      const shown = JSON.stringify(key) + inspect(key, { showHidden: true, depth: 9 }) + String(key);
      expect(shown).not.toContain(secretHex);
      expect(shown).not.toContain('6f, 2e');
    }
  });

  it('of the one form of strength there is', async () => {
    expect((await ecc.generatePrivateKey({ bits: 256 })).bits).toBe(256);
    await expect(ecc.generatePrivateKey({ bits: 512 })).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_USAGE' }),
    );
  });

  const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
  it.each(['0'.repeat(64), order, 'f'.repeat(64)])('outside the order are refused: %s', data => {
    expect(() => ecc.parsePrivateKey({ algorithm: 'ECC', data })).toThrow(keyFormat);
  });

  it.each([`04${'0'.repeat(128)}`, `04${'1'.repeat(128)}`, `05${'1'.repeat(128)}`, '0'.repeat(128), '00'])(
    'off the curve are refused: %s',
    data => {
      expect(() => ecc.parsePublicKey({ algorithm: 'ECC', data })).toThrow(keyFormat);
    },
  );

  it('take a point of 65 bytes and nothing else', () => {
    expect(() => createEccPublicKey(new Uint8Array(33))).toThrow(keyFormat);
    expect(() => createEccPrivateKey(new Uint8Array(31))).toThrow(keyFormat);
  });

  it('are not changed through buffers of Node, whose slices are windows', async () => {
    const secret = Buffer.from(secretHex, 'hex');
    const privateKey = createEccPrivateKey(secret);
    const point = Buffer.from(privateKey.publicKey.material);
    const publicKey = createEccPublicKey(point);
    secret.fill(1);
    point.fill(1);
    expect(exportKey(privateKey)['data']).toBe(secretHex);
    expect(await publicKey.verify(Uint8Array.of(5), await privateKey.sign(Uint8Array.of(5)))).toBe(true);
    expect(publicKey.material).toEqual(privateKey.publicKey.material);
  });
});

describe('PEM', () => {
  const pkcs8 = vectors<KeyCase>('v2/keys').find(({ form }) => form === 'pem-pkcs8') as KeyCase;
  const spki = vectors<KeyCase>('v2/keys').find(({ form }) => form === 'pem-spki') as KeyCase;

  it('as Node writes it is read, in every form', () => {
    const node = createPrivateKey(exampleKey('secp256k1'));
    for (const type of ['pkcs8', 'sec1'] as const) {
      const data = node.export({ format: 'pem', type }).toString();
      expect(exportKey(ecc.parsePrivateKey({ algorithm: 'ECC', data }))['data']).toBe(data);
    }
    const data = createPublicKey(node).export({ format: 'pem', type: 'spki' }).toString();
    expect(ecc.parsePublicKey({ algorithm: 'ECC', data }).bits).toBe(256);
  });

  it('of another curve is refused', () => {
    const node = createPrivateKey(exampleKey('prime256v1'));
    for (const type of ['pkcs8', 'sec1'] as const) {
      const data = node.export({ format: 'pem', type }).toString();
      expect(() => ecc.parsePrivateKey({ algorithm: 'ECC', data })).toThrow(keyFormat);
    }
    const data = createPublicKey(node).export({ format: 'pem', type: 'spki' }).toString();
    expect(() => ecc.parsePublicKey({ algorithm: 'ECC', data })).toThrow(keyFormat);
  });

  it('with each byte of the structure changed, cut or added gives a key or ERR_KEY_FORMAT', () => {
    for (const [vector, read] of [
      [pkcs8.private, ecc.parsePrivateKey],
      [spki.public, ecc.parsePublicKey],
    ] as const) {
      const [begin = '', body = '', end = ''] = String(vector['data']).split(
        /(?<=BEGIN [A-Z ]+-----)|(?=-----END)/,
      );
      const der = bytes(body);
      const variants = Array.from(der, (byte, i) => der.with(i, byte ^ 0x01));
      variants.push(...Array.from(der, (_, i) => der.slice(0, i)), Uint8Array.of(...der, 0));
      let refused = 0;
      for (const variant of variants) {
        const data = `${begin}\n${Buffer.from(variant).toString('base64')}\n${end}`;
        try {
          read({ algorithm: 'ECC', data });
        } catch (error) {
          expect(error).toEqual(keyFormat);
          refused++;
        }
      }
      // all the cut ones, and of the changed ones more than the structure's own bytes
      expect(refused).toBeGreaterThan(der.length + 20);
    }
  });

  it('of a private key is no part of a public key', () => {
    const [secret, open] = [pkcs8.private['data'], spki.public['data']];
    for (const data of [`${secret}\n${open}`, `${open}\n${secret}`]) {
      expect(() => ecc.parsePublicKey({ algorithm: 'ECC', data })).toThrow(keyFormat);
    }
  });

  it('beside other blocks is found, and a public block is no private key', () => {
    const both = `${String(spki.public['data'])}\n${String(pkcs8.private['data'])}`;
    expect(ecc.parsePrivateKey({ algorithm: 'ECC', data: both }).publicKey.material).toHaveLength(65);
    expect(() => ecc.parsePrivateKey({ algorithm: 'ECC', data: String(spki.public['data']) })).toThrow(
      keyFormat,
    );
    expect(() => ecc.parsePublicKey({ algorithm: 'ECC', data: String(pkcs8.private['data']) })).toThrow(
      keyFormat,
    );
  });

  it('that never ends is refused without long searching', () => {
    const data = '-----BEGIN PUBLIC KEY-----\n'.repeat(600);
    expect(() => ecc.parsePublicKey({ algorithm: 'ECC', data })).toThrow(keyFormat);
  });
});

describe('signatures', () => {
  it('are understood by Node and understand those of Node', async () => {
    const node = createPrivateKey(exampleKey('secp256k1'));
    const key = ecc.parsePrivateKey({
      algorithm: 'ECC',
      data: node.export({ format: 'pem', type: 'pkcs8' }).toString(),
    });
    const data = Uint8Array.of(1, 2, 3);
    expect(nodeVerify('sha256', data, createPublicKey(node), await key.sign(data))).toBe(true);
    for (let i = 0; i < 8; i++) {
      expect(await key.publicKey.verify(data, Uint8Array.from(nodeSign('sha256', data, node)))).toBe(true);
    }
  });

  it('are those of RFC 6979', async () => {
    // the first vector of the list that Bitcoin's libraries share: secret 1, "Satoshi Nakamoto"
    const key = createEccPrivateKey(hexBytes(`${'00'.repeat(31)}01`));
    expect(encodeHex(await key.sign(new TextEncoder().encode('Satoshi Nakamoto')))).toBe(
      '3045022100934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8' +
        '02202442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
    );
  });
});

function exampleKey(curve: string): string {
  return exampleKeys[curve] as string;
}

/** Throw-away keys made for this file by Node. */
const exampleKeys: Record<string, string> = {
  secp256k1: `-----BEGIN PRIVATE KEY-----
MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQghVNV4rIdfXWAzxHgD3bj
EP1YLkkmeGG10vWNgHBR0QOhRANCAAQepeUyFRsLRb5USN8QZNlufNpNaAUNqoAF
roVu+TZl8t7uOD589kh/RYU6GT4rNdrO5ony8VV8STlUBVbp3zUP
-----END PRIVATE KEY-----`,
  prime256v1: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgna0fi9LF+qmClqbU
YnqV8t8YLNXALvkot3klI46Cb5qhRANCAAROSQSCtebYw1ZflxLXm+MaUF9k23Gh
N9EIVk4wCftgbBHdWcR/8Fpgk/GG+//K/72YKNo2JONICQ+pReNO+Jtn
-----END PRIVATE KEY-----`,
};

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string };
    readonly publicKeyPem: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
}

const adversarial = readWycheproof<Wycheproof>('ecdsa_secp256k1_sha256_test');
describe('Wycheproof', () => {
  if (adversarial === undefined)
    it.skip('ecdsa_secp256k1_sha256: DIMP_WYCHEPROOF names no folder', () => undefined);
  for (const { publicKey, publicKeyPem, tests } of adversarial?.testGroups ?? []) {
    const key = ecc.parsePublicKey({ algorithm: 'ECC', data: publicKeyPem });
    it(`key ${publicKey.uncompressed.slice(0, 20)}`, () => {
      expect(encodeHex(key.material)).toBe(publicKey.uncompressed);
    });
    for (const test of tests) {
      it(`${test.tcId} ${test.result}: ${test.comment}`, async () => {
        expect(await key.verify(hexBytes(test.msg), hexBytes(test.sig))).toBe(test.result === 'valid');
      });
    }
  }
});
