import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { formatMeta, parseMeta } from '../src/index.js';
import { account, anyJson, codeOf, context, extraMembers, parseCodes } from './kit.js';

const json = account('hulk').meta;

describe('parseMeta', () => {
  test.prop([anyJson])('takes any JSON or refuses it', value => {
    expect([undefined, ...parseCodes]).toContain(codeOf(() => parseMeta(value, context)));
  });

  test.prop([anyJson, fc.constantFrom(...Object.keys(json))])(
    'takes any member or refuses it',
    (value, name) => {
      expect([undefined, ...parseCodes]).toContain(
        codeOf(() => parseMeta({ ...json, [name]: value }, context)),
      );
    },
  );

  test.prop([extraMembers(...Object.keys(json), 'type')])('gives back every member', extra => {
    const given = { ...extra, ...json };
    expect(formatMeta(parseMeta(given, context))).toEqual(given);
  });
});
