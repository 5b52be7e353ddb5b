import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StationError } from './errors.js';

/** Where key and certificate stand, both in PEM. */
export interface TlsFiles {
  readonly key: string;
  /** The station's certificate first, then those that lead to its root. */
  readonly certificate: string;
}

/** What a TLS server is made with. */
export interface TlsMaterial {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** When the certificate ends, in seconds since 1970. */
  readonly expires: number;
}

/** Key or certificate cannot be used. */
export class TlsError extends StationError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('ERR_STATION_TLS', message, options);
  }
}

/**
 * Reads both files and looks whether they fit.
 * @param now seconds since 1970
 * @throws {TlsError} what is wrong with which file
 */
export async function readTls(files: TlsFiles, now: number = Date.now() / 1000): Promise<TlsMaterial> {
  const key = await read(files.key, 'key');
  const cert = await read(files.certificate, 'certificate');
  const certificate = parse(() => new X509Certificate(cert), files.certificate, 'certificate in PEM');
  const privateKey = parse(() => createPrivateKey(key), files.key, 'private key in PEM without passphrase');
  checkPair(privateKey, certificate, files);
  const expires = Date.parse(certificate.validTo) / 1000;
  if (expires <= now) {
    throw new TlsError(`The certificate in ${files.certificate} ended on ${certificate.validTo}; renew it.`);
  }
  return { key, cert, expires };
}

async function read(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new TlsError(`The file of the TLS ${what}, ${path}, cannot be read (${code}).`, { cause });
  }
}

function parse<T>(make: () => T, path: string, expected: string): T {
  try {
    return make();
  } catch {
    // without the cause: what OpenSSL says of a key file may show some of it
    throw new TlsError(`Expected a ${expected} in ${path}.`);
  }
}

function checkPair(key: KeyObject, certificate: X509Certificate, files: TlsFiles): void {
  if (certificate.checkPrivateKey(key)) return;
  throw new TlsError(`The key in ${files.key} is not that of the certificate in ${files.certificate}.`);
}
