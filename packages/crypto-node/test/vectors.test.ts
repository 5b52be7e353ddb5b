/** @jest-environment-options {"customExportConditions": ["@dimp/source", "browser"]} */
import {
  createRegistry,
  exportKey,
  type JsonObject,
  parsePrivateKey,
  parsePublicKey,
  parseSymmetricKey,
} from '@dimp/crypto';
import { defaultAsymmetric, defaultSymmetric } from '@dimp/crypto/defaults';
import { matchKeys } from '@dimp/crypto/match';
import { plain } from '@dimp/crypto/plain';
import { describe, expect, it } from '@jest/globals';
import { nodeAsymmetric, nodeSymmetric } from '../src/index.js';
import { fromBase64, fromHex, outcome, privateKeyOf, vectors } from './kit.js';

const native = {
  asymmetric: createRegistry('asymmetric algorithm', nodeAsymmetric),
  symmetric: createRegistry('symmetric algorithm', [...nodeSymmetric, plain]),
};
const portable = {
  asymmetric: createRegistry('asymmetric algorithm', defaultAsymmetric),
  symmetric: createRegistry('symmetric algorithm', [...defaultSymmetric, plain]),
};
type Context = typeof native;

/**
 * The same done with both; gives what the native one did. @dimp/crypto is resolved as in bundles for browsers, since
 * in Node it takes whole blocks and digests from node:crypto too.
 */
async function both<T>(action: (context: Context) => T): Promise<unknown> {
  const [first, second] = [await outcome(() => action(native)), await outcome(() => action(portable))];
  expect(first).toEqual(second);
  return first;
}

const publicParts = (json: unknown) => (context: Context) => {
  const { algorithm, bits, material, json: kept, encryption } = parsePublicKey(json, context);
  return { algorithm, bits, material, json: kept, capacity: encryption?.capacity };
};

const privateParts = (json: unknown) => (context: Context) => {
  const key = parsePrivateKey(json, context);
  const { material, json: publicJson } = key.publicKey;
  const exported = exportKey(key);
  return { algorithm: key.algorithm, bits: key.bits, material, publicJson, exported };
};

const symmetricParts = (json: unknown) => (context: Context) => {
  const key = parseSymmetricKey(json, context);
  return { algorithm: key.algorithm, bits: key.bits, exported: exportKey(key) };
};

const refusal = { error: expect.stringMatching(/^ERR_(PARSE|KEY_FORMAT|UNSUPPORTED)$/) };

interface Case {
  readonly name: string;
  readonly op: string;
  readonly in: Readonly<Record<string, unknown>>;
  readonly out: Readonly<Record<string, unknown>>;
}

describe('generation 1, keys', () => {
  const parts: Record<string, (json: unknown) => (context: Context) => unknown> = {
    'public-key': publicParts,
    'private-key': privateParts,
    'symmetric-key': symmetricParts,
  };
  it.each(vectors<Case>('v1/keys').filter(({ op }) => op in parts))('$op $name', async one => {
    const result = await both(context => parts[one.op]?.(one.in['key'])(context));
    if (one.out['refused']) expect(result).toEqual(refusal);
    else {
      const bits = one.out['bits'] ?? Number(one.out['size']) * 8;
      expect(result).toMatchObject({ result: { bits } });
    }
  });

  it.each(vectors<Case>('v1/keys').filter(({ op }) => op === 'key-match'))('$op $name', async one => {
    const result = await both(context =>
      matchKeys(
        parsePublicKey(one.in['public_key'], context),
        parsePrivateKey(one.in['private_key'], context),
      ),
    );
    expect(result).toEqual({ result: one.out['match'] });
  });
});

describe('generation 1, AES', () => {
  it.each(vectors<Case>('v1/aes'))('$op $name', async ({ op, in: input, out }) => {
    const result = await both(context => {
      const key = parseSymmetricKey(input['key'], context);
      return op === 'aes-encrypt'
        ? key.encrypt(fromBase64(input['plaintext'] as string))
        : key.decrypt(fromBase64(input['ciphertext'] as string));
    });
    expect(result).toEqual(
      op === 'aes-encrypt' ? { result: fromBase64(out['ciphertext'] as string) } : { error: 'ERR_DECRYPT' },
    );
  });
});

describe('generation 1, RSA', () => {
  it.each(vectors<Case>('v1/rsa'))('$op $name', async ({ op, in: input, out }) => {
    const field = (name: string) => fromBase64((input[name] ?? '') as string);
    const result = await both<unknown>(async context => {
      const key = parsePrivateKey(privateKeyOf(input['user'] as string), context);
      if (op === 'rsa-sign') return key.sign(field('data'));
      if (op === 'rsa-verify') return key.publicKey.verify(field('data'), field('signature'));
      if (op === 'rsa-capacity') {
        const sent = await key.publicKey.encryption?.encrypt(new Uint8Array(1));
        return [key.publicKey.encryption?.capacity, sent?.length];
      }
      return key.decryption?.decrypt(field('ciphertext'));
    });
    const expected: Record<string, unknown> = {
      'rsa-sign': { result: fromBase64((out['signature'] ?? '') as string) },
      'rsa-verify': { result: out['valid'] },
      'rsa-capacity': { result: [out['max_plaintext'], out['ciphertext_length']] },
      'rsa-decrypt': { result: fromBase64((out['plaintext'] ?? '') as string) },
    };
    if (op === 'rsa-decrypt-wrong') {
      expect(result).not.toEqual({ result: fromBase64(out['never'] as string) });
    } else expect(result).toEqual(expected[op]);
  });
});

interface EncryptionCase {
  readonly kind: string;
  readonly key: JsonObject;
  readonly private: JsonObject;
  readonly public: JsonObject;
  readonly extra?: { readonly IV?: string; readonly iv?: string };
  readonly data?: string;
  readonly ciphertext?: string;
  readonly decrypts?: string;
}

describe('generation 2, encryption', () => {
  const all = vectors<EncryptionCase>('v2/encryption').map((one, index) => ({
    name: `${index} ${one.kind}`,
    ...one,
    data: fromBase64(one.data ?? ''),
    ciphertext: fromBase64(one.ciphertext ?? ''),
    decrypts: fromBase64(one.decrypts ?? ''),
  }));

  it.each(all.filter(({ kind }) => !kind.startsWith('rsa')))('$name', async one => {
    const iv = one.extra?.IV ?? one.extra?.iv;
    const options = iv === undefined ? {} : { iv: fromBase64(iv) };
    const found = await both(context => parseSymmetricKey(one.key, context).decrypt(one.ciphertext, options));
    if (one.kind === 'aes-negative') {
      expect(found).toEqual({ error: 'ERR_DECRYPT' });
      return;
    }
    expect(found).toEqual({ result: one.decrypts });
    const sent = await both(context => parseSymmetricKey(one.key, context).encrypt(one.data, options));
    expect(sent).toEqual({ result: one.ciphertext });
  });

  it.each(all.filter(one => one.private !== undefined))('$name', async one => {
    const decrypt = (data: Uint8Array) =>
      both(context => parsePrivateKey(one.private, context).decryption?.decrypt(data));
    const found = await decrypt(one.ciphertext);
    if (one.kind === 'rsa-negative') {
      // substitutes have any length; which they are, `both` has compared
      expect(
        all.filter(other => other.kind === 'rsa').map(({ data }) => ({ result: data })),
      ).not.toContainEqual(found);
      return;
    }
    expect(found).toEqual({ result: one.decrypts });
    for (const context of [native, portable]) {
      const sent = await parsePublicKey(one.public, context).encryption?.encrypt(one.data);
      expect(await decrypt(sent as Uint8Array)).toEqual({ result: one.data });
    }
  });

  it.each(all.filter(one => one.kind === 'rsa-negative' && one.public !== undefined))('$name', async one => {
    const found = await both(context => parsePublicKey(one.public, context).encryption?.encrypt(one.data));
    expect(found).toEqual({ error: 'RangeError' });
  });
});

interface KeyCase {
  readonly kind: string;
  readonly form?: string;
  readonly key?: JsonObject;
  readonly private?: JsonObject;
  readonly public?: JsonObject;
  readonly accepted?: boolean;
  readonly parsed?: boolean;
  readonly public_der?: string | null;
  readonly public_raw_hex?: string | null;
}

describe('generation 2, keys', () => {
  it.each(vectors<KeyCase>('v2/keys').map((one, index) => ({ ...one, index })))(
    '$index $kind $form',
    async one => {
      if (one.kind.startsWith('symmetric')) {
        const result = await both(symmetricParts(one.key));
        expect(result).toEqual(one.parsed === false ? refusal : { result: expect.anything() });
        return;
      }
      if (one.kind === 'public-parse') {
        const result = await both(publicParts(one.key));
        expect(result).toEqual(one.parsed ? { result: expect.anything() } : refusal);
        return;
      }
      const { public_der: der, public_raw_hex: point } = one;
      const material = typeof der === 'string' ? fromBase64(der) : fromHex(point ?? '');
      const expected = one.accepted === false ? refusal : { result: expect.objectContaining({ material }) };
      if (one.private !== undefined) expect(await both(privateParts(one.private))).toEqual(expected);
      if (one.public !== undefined) expect(await both(publicParts(one.public))).toEqual(expected);
    },
  );
});

interface SignatureCase {
  readonly kind: string;
  readonly form?: string;
  readonly case?: string;
  readonly private?: JsonObject;
  readonly public: JsonObject;
  readonly data: string;
  readonly signature: string;
  readonly deterministic?: boolean;
  readonly valid: boolean;
}

describe('generation 2, signatures', () => {
  it.each(vectors<SignatureCase>('v2/signatures').map((one, index) => ({ ...one, index })))(
    '$index $kind $form $case: $valid',
    async one => {
      const [data, signature] = [fromBase64(one.data), fromBase64(one.signature)];
      const verdict = await both(context => parsePublicKey(one.public, context).verify(data, signature));
      expect(verdict).toEqual({ result: one.valid });
      if (one.private === undefined) return;
      const [here, there] = [parsePrivateKey(one.private, native), parsePrivateKey(one.private, portable)];
      const signed = await here.sign(data);
      expect(await there.publicKey.verify(data, signed)).toBe(true);
      expect(await here.publicKey.verify(data, await there.sign(data))).toBe(true);
      if (one.deterministic) expect(signed).toEqual(signature);
    },
  );
});
