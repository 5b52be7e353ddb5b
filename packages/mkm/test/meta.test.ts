import { limits } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import {
  createMetaID,
  formatMeta,
  isValidMeta,
  type Meta,
  type MetaType,
  matchMetaKey,
  parseMeta,
  unsafeRestoreMeta,
  verifyMeta,
} from '../src/index.js';
import { account, codeOf, context, flip, id, meta } from './kit.js';

const json = account('hulk').meta;

describe('parseMeta', () => {
  it('reads the members', () => {
    const read = parseMeta(json, context);
    expect(read).toMatchObject({ kind: 'mkm', version: 1, seed: 'hulk' });
    expect(encodeBase64(read.fingerprint as Uint8Array)).toBe(json['fingerprint']);
  });

  it.each([
    ['number as text', { version: '1' }],
    ['a fraction', { version: 1.9 }],
    ['the name of the kind', { version: 'MKM' }],
    ['type for version', { type: '1', version: undefined }],
    ['type beside version', { type: 'mkm' }],
    ['null for type', { type: null }],
  ])('reads %s and gives it back as it came', (_, change) => {
    const changed = JSON.parse(JSON.stringify({ ...json, ...change }));
    const read = parseMeta(changed, context);
    expect(read.version).toBe(1);
    expect(formatMeta(read)).toMatchObject(changed);
  });

  it('names the place and the versions it knows', () => {
    expect(() => parseMeta({ ...json, version: 2 }, context, 'ReliableMessage.meta')).toThrow(
      'ReliableMessage.meta.version: expected one of the supported meta versions (1)',
    );
    expect(codeOf(() => parseMeta({ ...json, version: 2 }, context))).toBe('ERR_UNSUPPORTED');
    expect(codeOf(() => parseMeta({ ...json, key: { algorithm: 'DES' } }, context))).toBe('ERR_UNSUPPORTED');
    expect(codeOf(() => parseMeta({ ...json, key: { algorithm: 'RSA' } }, context))).toBe('ERR_KEY_FORMAT');
  });

  it('refuses members that nothing covers when they are large, since a meta is kept for ever', () => {
    const sized = (length: number) => ({ ...json, junk: 'x'.repeat(length) });
    expect(parseMeta(sized(limits.metaLength - 2000), context).json).toHaveProperty('junk');
    expect(codeOf(() => parseMeta(sized(limits.metaLength), context))).toBe('ERR_LIMIT');
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`junk${i}`, null]));
    expect(codeOf(() => parseMeta({ ...json, ...many }, context))).toBe('ERR_LIMIT');
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(codeOf(() => parseMeta({ ...json, deep }, context))).toBe('ERR_LIMIT');
  });

  it('refuses half of a surrogate pair, which the signed bytes do not tell from another', () => {
    expect(codeOf(() => parseMeta({ ...json, seed: 'hulk\ud800' }, context))).toBe('ERR_PARSE');
  });

  it('refuses a name that no ID could carry', () => {
    const seed = 'x'.repeat(limits.idLength + 1);
    expect(codeOf(() => parseMeta({ ...json, seed }, context))).toBe('ERR_LIMIT');
  });
});

describe('formatMeta', () => {
  it('writes the number under the name that a generation reads', () => {
    const read = parseMeta(json, context);
    expect(formatMeta(read)).toEqual(json);
    expect(formatMeta(read, { generation: 'both' })).toEqual({ ...json, type: '1' });
    const { version: _, ...rest } = json;
    const second = { ...rest, type: '1' };
    expect(formatMeta(parseMeta(second, context), { generation: 2 })).toEqual(second);
    expect(formatMeta(parseMeta(second, context), { generation: 1 })).toEqual({ ...second, version: 1 });
  });
});

describe('unsafeRestoreMeta', () => {
  it('reads back what was kept, and refuses what cannot be read', () => {
    const kept = unsafeRestoreMeta(JSON.parse(JSON.stringify(formatMeta(meta('hulk')))), context);
    expect(formatMeta(kept)).toEqual(json);
    expect(codeOf(() => unsafeRestoreMeta({}, context))).toBe('ERR_PARSE');
  });
});

describe('verifyMeta', () => {
  const good = meta('hulk');

  it('is not for a broadcast ID, whatever its name', async () => {
    expect(await verifyMeta(good, id('hulk@anywhere'), context)).toBeUndefined();
  });

  it('refuses every flipped bit of the fingerprint, also when the address is made of it', async () => {
    const fingerprint = good.fingerprint as Uint8Array;
    const taken: number[] = [];
    for (let bit = 0; bit < fingerprint.length * 8; bit++) {
      const changed: Meta = { ...good, fingerprint: flip(fingerprint, bit) };
      const own = createMetaID(changed, 8, context);
      if ((await isValidMeta(changed, context)) || (await verifyMeta(changed, own, context))) taken.push(bit);
      if (await verifyMeta(changed, id('hulk'), context)) taken.push(bit);
    }
    expect(taken).toEqual([]);
  });

  it('refuses one that lost its name or its fingerprint', async () => {
    const { seed: _, ...nameless } = good;
    const { fingerprint: __, ...bare } = good;
    expect(await isValidMeta(nameless, context)).toBe(false);
    expect(await isValidMeta(bare, context)).toBe(false);
    expect(await verifyMeta(nameless, id('hulk'), context)).toBeUndefined();
    expect(await matchMetaKey(nameless, good.key, context)).toBe(false);
  });

  it('refuses every flipped bit of the seed', async () => {
    const seed = new TextEncoder().encode(good.seed);
    const taken: string[] = [];
    for (let bit = 0; bit < seed.length * 8; bit++) {
      const changed: Meta = { ...good, seed: new TextDecoder().decode(flip(seed, bit)) };
      if (await isValidMeta(changed, context)) taken.push(changed.seed as string);
    }
    expect(taken).toEqual([]);
  });

  it('refuses every flipped bit of the modulus', async () => {
    // the bare PKCS#1 body of hulk's key: a sequence (3 bytes of head) of the modulus (3) and the exponent (5)
    const pem = (json['key'] as { data: string }).data;
    const body = pem.replace(/-----[A-Z ]+-----|\s/g, '');
    const der = Uint8Array.from(Buffer.from(body, 'base64'));
    const taken: number[] = [];
    for (let bit = 6 * 8; bit < (der.length - 5) * 8; bit++) {
      const data = `-----BEGIN PUBLIC KEY-----\n${encodeBase64(flip(der, bit))}\n-----END PUBLIC KEY-----`;
      const changed = { ...json, key: { ...(json['key'] as object), data } };
      const code = codeOf(() => parseMeta(changed, context));
      if (code !== undefined) expect(code).toBe('ERR_KEY_FORMAT');
      else if (await isValidMeta(parseMeta(changed, context), context)) taken.push(bit);
    }
    expect(der).toHaveLength(140);
    expect(taken).toEqual([]);
  });
});

describe('a kind of meta of one’s own', () => {
  const bare: MetaType = {
    code: 9,
    kind: 'bare',
    parse: () => ({}),
    generate: async () => ({}),
    verify: async () => true,
    address: ({ version }, network) => ({ kind: 'bare', text: `bare-${version}`, network, number: 1 }),
  };
  const own = {
    ...context,
    metas: context.metas.with(bare),
    addresses: [
      ...context.addresses,
      {
        kind: 'bare',
        parse: (text: string) =>
          text === 'bare-9' ? { kind: 'bare', text, network: 8, number: 1 } : undefined,
      },
    ],
  };

  it('is read, verified and gives its IDs, without a name', async () => {
    const given = { version: 9, key: json['key'] };
    const read = parseMeta(given, own);
    const made = createMetaID(read, 8, own);
    expect(made.text).toBe('bare-9');
    expect(await verifyMeta(read, made, own)).toBe(read);
    expect(formatMeta(read)).toEqual(given);
    expect(codeOf(() => parseMeta(given, context))).toBe('ERR_UNSUPPORTED');
  });
});
