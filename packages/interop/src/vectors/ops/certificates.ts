import type { JsonObject } from '@dimp/crypto';
import { type CertificateName, parseCertificate, verifyCertificate } from '@dimp/sdk';
import { userOf } from '../accounts.js';
import type { Operation } from '../operation.js';

/** Certificates of stations and providers. */
export const certificateOperations: readonly Operation[] = [
  {
    code: 'certificate',
    async run(input, { accounts, protocol }) {
      const certificate = parseCertificate(input.value('json'), protocol);
      const { version, serialNumber, issuer, subject, validity, publicKey, extensions } = certificate;
      const { key } = userOf(accounts, input.value('issuer_user')).meta;
      // only the signature is asked for, so the day is one on which the dates are good
      const outcome = await verifyCertificate(certificate, key, { now: validity.notBefore });
      return {
        version,
        sn: serialNumber,
        issuer: describeName(issuer),
        subject: describeName(subject),
        validity: [validity.notBefore, validity.notAfter],
        key: publicKey?.json ?? null,
        extensions: extensions ?? null,
        signature_valid: outcome.kind !== 'bad-signature',
      };
    },
  },
];

function describeName({
  country,
  state,
  locality,
  organization,
  unit,
  commonName,
}: CertificateName): JsonObject {
  return { C: country, ST: state ?? null, L: locality ?? null, O: organization, OU: unit, CN: commonName };
}
