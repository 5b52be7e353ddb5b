import { readFileSync } from 'node:fs';
import type { FileOptions } from '../files/file-options.js';
import type { StationLog } from '../log.js';
import type { StationOptions } from '../station-options.js';
import type { TlsFiles } from '../tls.js';
import { usageError } from './cli-error.js';
import type { Settings } from './settings.js';

/** Letters of a passphrase, beyond which the file is a wrong one. */
const maxPassphrase = 4_096;

/** What a station is made with: only what was set, so that its own defaults count. */
export function stationOptions(settings: Settings, data: string, log: StationLog): StationOptions {
  const { host, port, url, name, keyBits, neighbours, openMetrics, retentionDays } = settings;
  const { messagesPerUser, bytesPerUser, totalBytes } = settings;
  const passphrase = readPassphrase(settings);
  const tls = tlsFiles(settings);
  return {
    data,
    log,
    listen: given({ host, port }),
    limits: given({
      packageBytes: settings.packageBytes,
      connections: settings.connections,
      connectionsPerAddress: settings.connectionsPerAddress,
      connectionsPerUser: settings.connectionsPerUser,
      messagesPerSecond: settings.messagesPerSecond,
      bytesPerSecond: settings.bytesPerSecond,
      burst: settings.burst,
      loginSeconds: settings.loginSeconds,
      silenceSeconds: settings.silenceSeconds,
      bufferedBytes: settings.bufferedBytes,
      pendingPackages: settings.pendingPackages,
    }),
    retention: given({ days: retentionDays, messagesPerUser, bytesPerUser, totalBytes }),
    files: settings.files !== false && fileOptions(settings),
    ...given({ url, name, keyBits, neighbours, openMetrics, passphrase, tls }),
  };
}

/** @throws {CliError} only one of both files is named */
export function tlsFiles({ tlsKey, tlsCertificate }: Settings): TlsFiles | undefined {
  if (tlsKey === undefined && tlsCertificate === undefined) return undefined;
  if (tlsKey === undefined) throw usageError('TLS needs the private key too: --tls-key.');
  if (tlsCertificate === undefined) throw usageError('TLS needs the certificate too: --tls-certificate.');
  return { key: tlsKey, certificate: tlsCertificate };
}

/** The first line of the file. @throws {CliError} it cannot be read, or holds none */
export function readPassphrase({ passphraseFile: path }: Settings): string | undefined {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw usageError(`The file of the passphrase, ${path}, cannot be read (${code}).`, { cause });
  }
  const [passphrase = ''] = text.split(/\r?\n/, 1);
  if (passphrase !== '' && passphrase.length <= maxPassphrase) return passphrase;
  throw usageError(`Expected a passphrase in the first line of ${path}.`);
}

function fileOptions(settings: Settings): Partial<FileOptions> {
  const { fileBytes, fileDays, fileBytesPerUser, fileTotalBytes, fileTransfers, openUploads, filesUrl } =
    settings;
  return given({
    maxBytes: fileBytes,
    days: fileDays,
    bytesPerUser: fileBytesPerUser,
    totalBytes: fileTotalBytes,
    transfers: fileTransfers,
    openUploads,
    url: filesUrl,
  });
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that are there. */
function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}
