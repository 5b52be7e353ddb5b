import { limits as protocolLimits } from '@dimp/crypto';
import { defaultFileOptions } from '../files/file-options.js';
import { defaultLimits, defaultListen, defaultRetention } from '../options.js';
import {
  choice,
  hostName,
  httpUrl,
  ids,
  integer,
  type SettingKind,
  stationName,
  text,
  webSocketUrl,
  yesNo,
} from './setting-kinds.js';

/** What an operator can set, by the names in the file of options. What is absent has its default. */
export interface Settings {
  readonly data?: string;
  readonly host?: string;
  readonly port?: number;
  readonly url?: string;
  readonly name?: string;
  readonly keyBits?: number;
  readonly passphraseFile?: string;
  readonly neighbours?: readonly string[];
  readonly tlsKey?: string;
  readonly tlsCertificate?: string;
  readonly openMetrics?: boolean;
  readonly logLevel?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  readonly logIds?: boolean;
  readonly files?: boolean;
  readonly openUploads?: boolean;
  readonly filesUrl?: string;
  readonly fileBytes?: number;
  readonly fileDays?: number;
  readonly fileBytesPerUser?: number;
  readonly fileTotalBytes?: number;
  readonly fileTransfers?: number;
  readonly retentionDays?: number;
  readonly messagesPerUser?: number;
  readonly bytesPerUser?: number;
  readonly totalBytes?: number;
  readonly packageBytes?: number;
  readonly connections?: number;
  readonly connectionsPerAddress?: number;
  readonly connectionsPerUser?: number;
  readonly messagesPerSecond?: number;
  readonly bytesPerSecond?: number;
  readonly burst?: number;
  readonly loginSeconds?: number;
  readonly silenceSeconds?: number;
  readonly bufferedBytes?: number;
  readonly pendingPackages?: number;
}

export type SettingName = keyof Settings;

/** One setting: how it is read, and what the help says of it. */
export interface Setting {
  readonly kind: SettingKind<NonNullable<Settings[SettingName]>>;
  readonly help: string;
  /** What the help says that counts when nothing is set; absent where nothing does. */
  readonly otherwise?: string | number;
  /** Its heading in the help. */
  readonly group: string;
}

const general = 'Options:';
const files = 'Files:';
const retention = 'What is kept for users who are away:';
const bounds = 'Limits:';

/** All settings, in the order of the help. */
export const settings: Readonly<Record<SettingName, Setting>> = {
  data: { kind: text('<folder>'), help: 'folder of everything', otherwise: 'see below', group: general },
  host: { kind: hostName, help: 'address to listen on', otherwise: defaultListen.host, group: general },
  port: {
    kind: integer(0, 65_535),
    help: 'port to listen on; 0 takes any',
    otherwise: defaultListen.port,
    group: general,
  },
  url: { kind: webSocketUrl, help: 'what clients reach it by, when behind a proxy', group: general },
  name: {
    kind: stationName,
    help: 'name in the ID of a new station',
    otherwise: 'station',
    group: general,
  },
  keyBits: {
    kind: integer(protocolLimits.rsaMinBits, protocolLimits.rsaMaxBits),
    help: 'strength of the RSA key of a new station',
    otherwise: 2048,
    group: general,
  },
  passphraseFile: {
    kind: text('<file>'),
    help: 'file with the passphrase that seals the account',
    otherwise: 'not sealed',
    group: general,
  },
  neighbours: { kind: ids, help: 'IDs of stations that bring messages of others', group: general },
  tlsKey: { kind: text('<file>'), help: 'private key in PEM, for TLS', group: general },
  tlsCertificate: { kind: text('<file>'), help: 'certificate in PEM, for TLS', group: general },
  openMetrics: { kind: yesNo, help: 'let other machines read /metrics', otherwise: 'no', group: general },
  logLevel: {
    kind: choice('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
    help: 'what is logged to standard error',
    otherwise: 'info',
    group: general,
  },
  logIds: { kind: yesNo, help: 'write IDs of users to the log', otherwise: 'no', group: general },
  files: { kind: yesNo, help: 'host files by HTTP', otherwise: 'yes', group: files },
  openUploads: {
    kind: yesNo,
    help: 'take uploads without token, as old clients send them',
    otherwise: 'no',
    group: files,
  },
  filesUrl: { kind: httpUrl, help: 'what URLs of files begin with', group: files },
  fileBytes: atLeast(1, 'bytes of one file', defaultFileOptions.maxBytes, files),
  fileDays: atLeast(1, 'days that a file is kept', defaultFileOptions.days, files),
  fileBytesPerUser: atLeast(1, 'bytes of all files of one user', defaultFileOptions.bytesPerUser, files),
  fileTotalBytes: atLeast(1, 'bytes of all files of all users', defaultFileOptions.totalBytes, files),
  fileTransfers: atLeast(
    1,
    'uploads and downloads at once, half of them for one address',
    defaultFileOptions.transfers,
    files,
  ),
  retentionDays: atLeast(1, 'days', defaultRetention.days, retention),
  messagesPerUser: atLeast(1, 'messages for one user', defaultRetention.messagesPerUser, retention),
  bytesPerUser: atLeast(1, 'bytes for one user', defaultRetention.bytesPerUser, retention),
  totalBytes: atLeast(1, 'bytes for all users', defaultRetention.totalBytes, retention),
  packageBytes: {
    kind: integer(1024, protocolLimits.packageBytes),
    help: 'bytes of one message',
    otherwise: defaultLimits.packageBytes,
    group: bounds,
  },
  connections: atLeast(1, 'connections at once', defaultLimits.connections),
  connectionsPerAddress: atLeast(1, 'the same from one address', defaultLimits.connectionsPerAddress),
  connectionsPerUser: atLeast(1, 'the same of one user', defaultLimits.connectionsPerUser),
  messagesPerSecond: atLeast(1, 'messages a second of one user', defaultLimits.messagesPerSecond),
  bytesPerSecond: atLeast(1024, 'bytes a second of one user', defaultLimits.bytesPerSecond),
  burst: atLeast(1, 'seconds of these rates that may come at once', defaultLimits.burst),
  loginSeconds: atLeast(1, 'seconds to log in', defaultLimits.loginSeconds),
  silenceSeconds: atLeast(1, 'seconds without a byte', defaultLimits.silenceSeconds),
  bufferedBytes: atLeast(1024, 'bytes that wait for a slow reader', defaultLimits.bufferedBytes),
  pendingPackages: atLeast(1, 'messages of one connection under way', defaultLimits.pendingPackages),
};

export const settingNames: readonly SettingName[] = /* @__PURE__ */ Object.keys(
  settings,
) as readonly SettingName[];

function atLeast(least: number, help: string, otherwise: number, group: string = bounds): Setting {
  return { kind: integer(least), help, otherwise, group };
}

/** `messagesPerUser` is `--messages-per-user`. */
export function flagOf(name: SettingName): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

/** `messagesPerUser` is `DIMS_MESSAGES_PER_USER`. */
export function variableOf(name: SettingName): string {
  return `DIMS_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;
}
