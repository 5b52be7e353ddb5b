import { limits } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import {
  createProfile,
  formatProfile,
  type Profile,
  parseProfile,
  profileKey,
  profileName,
  profileTime,
  signProfile,
  unsafeRestoreProfile,
  verifyProfile,
  withProperty,
} from '../src/index.js';
import { account, codeOf, context, flip, freeze, id, meta, privateKey, profile } from './kit.js';

const json = account('bob').profile as Record<string, string>;

describe('parseProfile', () => {
  it('reads `did` for `ID`, and writes what is asked for', () => {
    const { ID, ...rest } = json;
    const read = parseProfile({ did: ID, ...rest }, context);
    expect(read.id.text).toBe(ID);
    expect(formatProfile(read, { generation: 2 })).toEqual({ did: ID, ...rest });
    expect(formatProfile(read)).toEqual(json);
    expect(formatProfile(read, { generation: 'both' })).toEqual({ did: ID, ...json });
  });

  it.each([{ did: null }, { did: 'somebody' }, { did: json['ID'] }])('gives back %p beside ID', change => {
    const given = { ...json, ...change };
    expect(formatProfile(parseProfile(given, context))).toEqual(given);
  });

  it.each([
    ['data that is no JSON', { data: '{' }],
    ['data that is no object', { data: '[]' }],
    ['data that is an object', { data: {} }],
    ['a signature that is no base64', { signature: '?' }],
    ['no ID', { ID: null }],
  ])('refuses %s', (_, change) => {
    expect(codeOf(() => parseProfile({ ...json, ...change }, context))).toBe('ERR_PARSE');
  });

  it('refuses what is too large to be kept for everybody, signed or not', () => {
    const data = (length: number) => ({ ...json, data: JSON.stringify({ text: 'x'.repeat(length) }) });
    expect(parseProfile(data(limits.profileLength - 1000), context).properties).toHaveProperty('text');
    expect(codeOf(() => parseProfile(data(limits.profileLength), context))).toBe('ERR_LIMIT');
    const junk = { ...json, junk: 'x'.repeat(limits.profileLength) };
    expect(codeOf(() => parseProfile(junk, context))).toBe('ERR_LIMIT');
  });

  it('is harmless on 100,000-deep data and on huge lists', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(codeOf(() => parseProfile({ ...json, data: deep }, context))).toBe('ERR_LIMIT');
    const wide = `{"a":[${'0,'.repeat(100_000)}0]}`;
    expect(codeOf(() => parseProfile({ ...json, data: wide }, context))).toBe('ERR_LIMIT');
  });

  it('keeps members named __proto__ to themselves', () => {
    const given = JSON.parse(
      `{"ID":"${json['ID']}","__proto__":{"x":1},"data":"{\\"__proto__\\":{\\"y\\":2}}"}`,
    );
    const read = parseProfile(given, context);
    expect((read.properties as { y?: unknown }).y).toBeUndefined();
    expect((read.extra as { x?: unknown }).x).toBeUndefined();
    expect(JSON.stringify(formatProfile(read))).toContain('"__proto__":{"x":1}');
    const changed = withProperty(read, '__proto__', { z: 3 });
    expect((changed.properties as { z?: unknown }).z).toBeUndefined();
    expect(Object.keys(changed.properties)).toEqual(['__proto__']);
  });
});

describe('unsafeRestoreProfile', () => {
  it('reads back what was kept, and refuses what cannot be read', () => {
    expect(formatProfile(unsafeRestoreProfile(json, context))).toEqual(json);
    expect(codeOf(() => unsafeRestoreProfile({}, context))).toBe('ERR_PARSE');
  });
});

describe('withProperty', () => {
  const read = freeze({ ...parseProfile(json, context), signature: new Uint8Array(0) });

  it('gives a profile that is not signed', () => {
    const changed = withProperty(read, 'name', 'Robert');
    expect(profileName(changed)).toBe('Robert');
    expect([changed.data, changed.signature]).toEqual([undefined, undefined]);
    expect(profileName(read)).toBe('Bob');
    expect(Object.keys(formatProfile(changed))).toEqual(['ID']);
  });

  it('takes a property out by undefined, not by null', () => {
    expect(Object.hasOwn(withProperty(read, 'name', undefined).properties, 'name')).toBe(false);
    expect(withProperty(read, 'name', null).properties['name']).toBeNull();
  });
});

describe('profileTime', () => {
  it.each([
    [{ time: 1_700_000_000.5 }, 1_700_000_000.5],
    [{}, 0],
    [{ time: '1700000000' }, 0],
    [{ time: null }, 0],
  ])('of %j is %d', (properties, time) => {
    expect(profileTime(createProfile(id('bob'), properties))).toBe(time);
  });
});

describe('signProfile and verifyProfile', () => {
  it('keeps the signed text when it is signed again', async () => {
    const bob = profile('bob') as Profile;
    const again = await signProfile(bob, privateKey('bob'));
    expect(formatProfile(again)).toEqual(json);
  });

  it('refuses every flipped bit of the signature and of the text', async () => {
    const signed = await signProfile(createProfile(id('anna'), { name: 'A' }), privateKey('anna'));
    const keys = [meta('anna').key];
    const signature = signed.signature as Uint8Array;
    const taken: string[] = [];
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const changed: Profile = { ...signed, signature: flip(signature, bit) };
      if (await verifyProfile(changed, id('anna'), keys)) taken.push(`signature ${bit}`);
    }
    const data = new TextEncoder().encode(signed.data);
    for (let bit = 0; bit < data.length * 8; bit++) {
      const changed: Profile = { ...signed, data: new TextDecoder().decode(flip(data, bit)) };
      if (await verifyProfile(changed, id('anna'), keys)) taken.push(`data ${bit}`);
    }
    expect(taken).toEqual([]);
  });

  it.each([0, 1, 127, 129, 100_000])('refuses a signature of %d bytes', async length => {
    const signed = await signProfile(createProfile(id('anna')), privateKey('anna'));
    const changed: Profile = { ...signed, signature: new Uint8Array(length) };
    expect(await verifyProfile(changed, id('anna'), [meta('anna').key])).toBeUndefined();
  });
});

describe('profileKey', () => {
  it('reads the key once per profile and protocol', () => {
    const bob = profile('bob');
    if (bob === undefined) throw new Error('bob has a profile');
    const key = profileKey(bob, context);
    expect(profileKey(bob, context)).toBe(key);
    expect(profileKey(bob, { asymmetric: context.asymmetric.with() })).not.toBe(key);
  });

  it('says what is wrong with a key', async () => {
    const odd = await signProfile(createProfile(id('anna'), { key: { algorithm: 'X' } }), privateKey('anna'));
    expect(codeOf(() => profileKey(odd, context))).toBe('ERR_UNSUPPORTED');
    const none = await signProfile(createProfile(id('anna'), { key: null }), privateKey('anna'));
    expect(profileKey(none, context)).toBeUndefined();
  });
});
