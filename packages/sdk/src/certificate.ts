import {
  type JsonObject,
  JsonReader,
  type JsonValue,
  type PublicKey,
  parseJsonObject,
  parsePublicKey,
  unsafeMarkVerified,
  type Verified,
  type VerifyKey,
} from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import type { IdentityContext } from '@dimp/mkm';

/** Who is meant by a certificate. */
export interface CertificateName {
  /** Two letters; `CN` when it does not say. */
  readonly country: string;
  readonly state?: string;
  readonly locality?: string;
  readonly organization: string;
  readonly unit: string;
  /** A domain or an IP address. */
  readonly commonName: string;
}

/** What an issuer says of a station or a provider, with his signature (v1.md 14.1). */
export interface Certificate {
  readonly version: number;
  /** As it came: some issuers write a number, some a text. */
  readonly serialNumber: number | string;
  readonly issuer: CertificateName;
  readonly subject: CertificateName;
  /** In seconds since 1970, both ends included. */
  readonly validity: { readonly notBefore: number; readonly notAfter: number };
  /** The subject's key. */
  readonly publicKey?: PublicKey;
  /** The signed JSON text, exactly as received. The five members above are a view of it. */
  readonly info: string;
  readonly signature: Uint8Array;
  readonly extensions?: JsonValue;
  /** The object as it came, since nothing in a certificate may be changed; unknown members included. */
  readonly json: JsonObject;
}

/**
 * Reads a certificate. Nothing in it has been verified yet.
 *
 * Wire: `{ version: 1, sn: 1234567, info: "<JSON text>", signature: "<base64>", extensions? }`, and in `info`
 * `{ Issuer: {…}, Subject: { C?, ST?, L?, O, OU, CN }, Validity: { NotBefore, NotAfter }, Key?: {…} }`; also
 * read: `serialNumber` for `sn`, `PublicKey` for `Key`, decimal text for numbers. Written: as it was read.
 * @throws {ParseError} when a member is missing or of another type, in `info` too
 */
export function parseCertificate(
  json: unknown,
  context: Pick<IdentityContext, 'asymmetric'>,
  path = 'Certificate',
): Certificate {
  const reader = new JsonReader(json, path);
  const info = reader.text('info');
  const extensions = reader.value('extensions');
  return {
    version: reader.integer('version'),
    serialNumber: readSerialNumber(reader),
    ...parseInfo(info, context, reader.at('info')),
    info,
    signature: reader.bytes('signature'),
    ...(extensions !== undefined && { extensions }),
    json: json as JsonObject,
  };
}

/** The object of a certificate, unchanged. */
export function formatCertificate(certificate: Certificate): JsonObject {
  return certificate.json;
}

/** What checking a certificate found. */
export type CertificateOutcome =
  | { readonly kind: 'valid'; readonly certificate: Verified<Certificate> }
  /** The issuer's key did not sign it, or it was altered. */
  | { readonly kind: 'bad-signature' }
  | { readonly kind: 'not-yet-valid'; readonly notBefore: number }
  | { readonly kind: 'expired'; readonly notAfter: number };

/**
 * Checks that a certificate was signed with the issuer's key and is valid at a time. Whether the issuer is
 * one to trust, and whether the subject is the one expected, is for the caller to know.
 * @param options `now` in seconds since 1970
 */
export async function verifyCertificate(
  certificate: Certificate,
  issuerKey: VerifyKey,
  options: { readonly now: number },
): Promise<CertificateOutcome> {
  const { info, signature, validity } = certificate;
  // the dates mean nothing before the signature is known to be good
  if (!(await issuerKey.verify(encodeUtf8(info), signature))) return { kind: 'bad-signature' };
  if (!(options.now >= validity.notBefore)) return { kind: 'not-yet-valid', notBefore: validity.notBefore };
  if (options.now > validity.notAfter) return { kind: 'expired', notAfter: validity.notAfter };
  return { kind: 'valid', certificate: unsafeMarkVerified(certificate) };
}

function readSerialNumber(reader: JsonReader): number | string {
  const name = reader.value('serialNumber') === undefined ? 'sn' : 'serialNumber';
  const value = reader.value(name);
  if (value === undefined) return reader.missing(name, 'a serial number');
  if (typeof value === 'number' || typeof value === 'string') return value;
  throw reader.error(name, 'a number or text', value);
}

function parseInfo(
  info: string,
  context: Pick<IdentityContext, 'asymmetric'>,
  path: string,
): Pick<Certificate, 'issuer' | 'subject' | 'validity' | 'publicKey'> {
  const reader = new JsonReader(parseJsonObject(info, path), path);
  const validity = new JsonReader(reader.object('Validity'), reader.at('Validity'));
  const keyName = reader.value('PublicKey') === undefined ? 'Key' : 'PublicKey';
  const key = reader.value(keyName);
  return {
    issuer: parseName(reader, 'Issuer'),
    subject: parseName(reader, 'Subject'),
    validity: { notBefore: validity.integer('NotBefore'), notAfter: validity.integer('NotAfter') },
    ...(key !== undefined && { publicKey: parsePublicKey(key, context, reader.at(keyName)) }),
  };
}

function parseName(info: JsonReader, member: string): CertificateName {
  const reader = new JsonReader(info.object(member), info.at(member));
  const state = reader.optionalText('ST');
  const locality = reader.optionalText('L');
  return {
    country: reader.optionalText('C') ?? 'CN',
    ...(state !== undefined && { state }),
    ...(locality !== undefined && { locality }),
    organization: reader.text('O'),
    unit: reader.text('OU'),
    commonName: reader.text('CN'),
  };
}
