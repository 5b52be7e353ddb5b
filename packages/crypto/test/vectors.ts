import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The cases of a vector file of the protocol: `vectors('v1/aes')`. */
export function vectors<T>(name: string): T[] {
  const path = join(import.meta.dirname, '../../interop/vectors', `${name}.json`);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: T[] };
  return cases;
}

/** The folder of the Wycheproof files, which are not part of the project; undefined when it is not named. */
export const wycheproof: string | undefined = process.env['DIMP_WYCHEPROOF'];

/** A Wycheproof file; undefined when the folder is not named. */
export function readWycheproof<T>(name: string): T | undefined {
  if (wycheproof === undefined) return undefined;
  return JSON.parse(readFileSync(join(wycheproof, `${name}.json`), 'utf8')) as T;
}

/** Bytes of base64 text, by another program than the one under test. */
export function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

/** Bytes of hexadecimal text, by another program than the one under test. */
export function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
