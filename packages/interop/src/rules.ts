import { createProtocol, type Protocol } from '@dimp/core';
import { rsa } from '@dimp/crypto/rsa';
import { defaults } from '@dimp/sdk';

/** What generation 1 defines: RSA alone, since ECC was a reserved name then. */
export function protocolOfGeneration1(): Protocol {
  return createProtocol({ ...defaults(), asymmetric: [rsa] });
}
