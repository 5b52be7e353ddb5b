import { type JsonObject, parsePrivateKey, parsePublicKey } from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import {
  type Certificate,
  type CertificateName,
  formatCertificate,
  parseCertificate,
  verifyCertificate,
} from '../src/certificate.js';
import { account, codeOf, freeze, protocol, vectors } from './services-kit.js';

interface In {
  readonly json: JsonObject;
  readonly issuer_user: string;
}
interface Out {
  readonly version?: number;
  readonly sn?: number | string;
  readonly issuer?: JsonObject;
  readonly subject?: JsonObject;
  readonly validity?: readonly [number, number];
  readonly key?: JsonObject;
  readonly extensions?: JsonObject | null;
  readonly signature_valid: boolean;
}

const cases = vectors<In, Out>('services', 'certificate');
const issuerKey = (user: string) => parsePublicKey(account(user).meta['key'], protocol);

/** A name as the vectors show it. */
function shown({ country, state, locality, organization, unit, commonName }: CertificateName): JsonObject {
  return { C: country, ST: state ?? null, L: locality ?? null, O: organization, OU: unit, CN: commonName };
}

describe('a certificate', () => {
  for (const { name, in: given, out } of cases) {
    it(name, async () => {
      if (out.refused) {
        expect(await codeOf(() => parseCertificate(given.json, protocol))).toBe('ERR_PARSE');
        return;
      }
      const certificate = parseCertificate(given.json, protocol);
      const key = issuerKey(given.issuer_user);
      const { notBefore, notAfter } = certificate.validity;
      const outcome = await verifyCertificate(certificate, key, { now: notBefore });
      expect(outcome.kind).toBe(out.signature_valid ? 'valid' : 'bad-signature');
      expect(formatCertificate(certificate)).toEqual(given.json);
      if (out.version === undefined) return;
      expect(certificate.version).toBe(out.version);
      expect(certificate.serialNumber).toBe(out.sn);
      expect(shown(certificate.issuer)).toEqual(out.issuer);
      expect(shown(certificate.subject)).toEqual(out.subject);
      expect([notBefore, notAfter]).toEqual(out.validity);
      expect(certificate.publicKey?.json).toEqual(out.key);
      expect(certificate.extensions ?? null).toEqual(out.extensions);
    });
  }

  const good = cases[0]?.in.json as JsonObject;

  it('is valid from its first second to its last', async () => {
    const certificate = parseCertificate(good, protocol);
    const kindAt = async (now: number) =>
      (await verifyCertificate(certificate, issuerKey('hulk'), { now })).kind;
    expect(await kindAt(122)).toBe('not-yet-valid');
    expect(await kindAt(123)).toBe('valid');
    expect(await kindAt(456)).toBe('valid');
    expect(await kindAt(457)).toBe('expired');
    expect(await kindAt(Number.NaN)).toBe('not-yet-valid');
  });

  it('comes out of the check as the same one', async () => {
    const certificate = parseCertificate(good, protocol);
    const outcome = await verifyCertificate(certificate, issuerKey('hulk'), { now: 200 });
    expect(outcome).toEqual({ kind: 'valid', certificate });
  });

  it('of another issuer is one with a bad signature, whatever its dates say', async () => {
    const outcome = await verifyCertificate(parseCertificate(good, protocol), issuerKey('moki'), {
      now: 9999,
    });
    expect(outcome).toEqual({ kind: 'bad-signature' });
  });

  it('keeps the text of its info, so that it still verifies, and members it does not know', async () => {
    const info = `{ "Issuer" : ${names()}, "Subject":${names()},\n"Validity":{"NotBefore":1,"NotAfter":9}, "More":[1] }`;
    const signature = encodeBase64(
      await parsePrivateKey(account('anna').private_key, protocol).sign(encodeUtf8(info)),
    );
    const json = freeze({ version: '1', serialNumber: 'A-7', info, signature, later: null, x: { y: 1 } });
    const certificate = parseCertificate(json, protocol);
    expect(formatCertificate(certificate)).toEqual(json);
    expect(certificate.publicKey).toBeUndefined();
    const again = parseCertificate(formatCertificate(certificate), protocol);
    expect((await verifyCertificate(again, issuerKey('anna'), { now: 5 })).kind).toBe('valid');
  });

  it('must have everything that its info needs', async () => {
    const info = {
      Issuer: JSON.parse(names()),
      Subject: JSON.parse(names()),
      Validity: { NotBefore: 1, NotAfter: 2 },
    };
    const read = (changed: object): Certificate =>
      parseCertificate({ ...good, info: JSON.stringify({ ...info, ...changed }) }, protocol);
    expect(read({}).issuer.country).toBe('CN');
    for (const changed of [
      { Issuer: undefined },
      { Subject: { O: 'x', OU: 'y' } },
      { Subject: { O: 'x', OU: 'y', CN: 7 } },
      { Validity: undefined },
      { Validity: { NotBefore: 1 } },
      { Validity: { NotBefore: 'soon', NotAfter: 2 } },
      { Key: 'text' },
    ]) {
      expect(await codeOf(() => read(changed))).toBe('ERR_PARSE');
    }
    expect(await codeOf(() => read({ Key: { algorithm: 'X' } }))).toBe('ERR_UNSUPPORTED');
    expect(await codeOf(() => parseCertificate({ ...good, info: 'no JSON' }, protocol))).toBe('ERR_PARSE');
    expect(await codeOf(() => parseCertificate({ ...good, sn: true }, protocol))).toBe('ERR_PARSE');
  });
});

function names(): string {
  return JSON.stringify({ O: 'GSP', OU: 'Operation', CN: 'dim.chat' });
}
