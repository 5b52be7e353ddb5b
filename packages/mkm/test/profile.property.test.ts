import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { createProfile, formatProfile, parseProfile, signProfile, verifyProfile } from '../src/index.js';
import { account, anyJson, codeOf, context, extraMembers, id, meta, parseCodes, privateKey } from './kit.js';

const json = account('bob').profile as Record<string, string>;

describe('parseProfile', () => {
  test.prop([anyJson, fc.constantFrom('ID', 'data', 'signature', 'did')])(
    'takes any or refuses it',
    (value, name) => {
      expect([undefined, ...parseCodes]).toContain(codeOf(() => parseProfile(value, context)));
      expect([undefined, ...parseCodes]).toContain(
        codeOf(() => parseProfile({ ...json, [name]: value }, context)),
      );
    },
  );

  test.prop([extraMembers('ID', 'data', 'signature'), fc.subarray(['data', 'signature'])])(
    'gives back every member, nulls included',
    (extra, nulls) => {
      const given = { ...extra, ...json, ...Object.fromEntries(nulls.map(name => [name, null])) };
      expect(formatProfile(parseProfile(given, context))).toEqual(given);
    },
  );
});

describe('signProfile and verifyProfile', () => {
  test.prop([extraMembers()])('verifies after signing, whatever the properties', async properties => {
    const signed = await signProfile(createProfile(id('anna'), properties), privateKey('anna'));
    const wire = JSON.parse(JSON.stringify(formatProfile(signed)));
    const read = parseProfile(wire, context);
    expect(read.properties).toEqual(properties);
    expect(await verifyProfile(read, id('anna'), [meta('moki').key, meta('anna').key])).toBe(read);
    expect(await verifyProfile(read, id('hulk'), [meta('anna').key])).toBeUndefined();
    expect(await verifyProfile(read, id('anna'), [])).toBeUndefined();
  });
});
