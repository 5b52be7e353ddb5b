import type { JsonObject } from '@dimp/crypto';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { formatCertificate, parseCertificate } from '../src/certificate.js';
import {
  formatProviderRecord,
  formatStationRecord,
  parseProviderRecord,
  parseStationRecord,
} from '../src/station-record.js';
import { account, codeOf, freeze, protocol, vectors } from './services-kit.js';

const certificate = vectors<{ json: JsonObject }, object>('services', 'certificate')[0]?.in
  .json as JsonObject;
const station = account('station').ID;
const provider = account('provider').ID;

const codes = [undefined, 'ERR_PARSE', 'ERR_LIMIT', 'ERR_UNSUPPORTED', 'ERR_KEY_FORMAT'];

const members = ['ID', 'host', 'port', 'SP', 'CA', 'PK', 'version', 'sn', 'info', 'signature', '__proto__'];

/** JSON with members that the parsers look for. */
const anyJson = fc.oneof(
  fc.jsonValue(),
  fc
    .array(
      fc.tuple(fc.constantFrom(...members), fc.oneof(fc.jsonValue(), fc.constantFrom(station, provider))),
    )
    .map(entries => Object.fromEntries(entries) as unknown),
);

/** Members beside the known ones; nulls among them. */
const extra = fc
  .dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'x-new', '0')), fc.jsonValue(), {
    maxKeys: 4,
  })
  .map(all => {
    const known = [...members.slice(0, -1), 'publicKey', 'serialNumber', 'extensions'];
    const others = Object.entries(all).filter(([name]) => !known.includes(name));
    return JSON.parse(JSON.stringify(Object.fromEntries(others))) as JsonObject;
  });

describe('certificates and records', () => {
  test.prop([anyJson])('of any JSON are values or refused', async json => {
    const given = freeze(json);
    for (const parse of [parseCertificate, parseStationRecord, parseProviderRecord]) {
      expect(codes).toContain(await codeOf(() => parse(given, protocol)));
    }
  });

  test.prop([extra])('keep members that they do not know', more => {
    const withMore = (json: JsonObject): JsonObject => freeze({ ...json, ...more });
    const issued = withMore(certificate);
    expect(formatCertificate(parseCertificate(issued, protocol))).toEqual(issued);
    const operator = withMore({ ID: provider, CA: issued });
    expect(formatProviderRecord(parseProviderRecord(operator, protocol))).toEqual(operator);
    const served = withMore({
      ID: station,
      host: 'a',
      port: 7,
      SP: withMore({ ID: provider, name: 1 }),
      CA: issued,
    });
    expect(formatStationRecord(parseStationRecord(served, protocol))).toEqual(served);
  });

  it('have a certificate to be tried with', () => {
    expect(certificate).toHaveProperty('signature');
  });
});
