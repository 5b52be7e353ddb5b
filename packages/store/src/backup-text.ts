import { concatBytes, equalBytes, ParseError, randomBytes, UsageError } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { decodeBase64, decodeHex, encodeBase64, encodeHex, encodeUtf8 } from '@dimp/crypto/format';
import { platform } from '#platform';
import { BackupError, NewerBackupError } from './backup-errors.js';
import { checkCost, derivePassphraseKey, isSoundCost } from './passphrase.js';
import type { ScryptCost } from './platform/platform.js';

/** What this version writes. */
const backupVersion = 1;

const title = 'DIMP ACCOUNT BACKUP';
const begin = `-----BEGIN ${title}-----`;
const end = `-----END ${title}-----`;
const lineLength = 76;

/** A backup as text, before it is opened. */
interface SealedBackup {
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

/**
 * Puts content under a passphrase, as lines of ASCII between a first and a last line that people can recognise. The
 * form is described in BACKUP.md.
 * @throws {UsageError} an empty passphrase, or a cost out of bounds
 */
export async function sealBackup(content: Uint8Array, passphrase: string, cost: ScryptCost): Promise<string> {
  if (passphrase === '') throw new UsageError('An empty passphrase protects nothing; choose one.');
  checkCost(cost);
  const salt = randomBytes(32);
  const head = formatHead(cost, salt);
  const key = await derivePassphraseKey(passphrase, salt, cost);
  const sealed = await platform.createSealer(key).seal(content, encodeUtf8(head));
  const body = encodeBase64(sealed).match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `${begin}\n${head}Checksum: ${encodeHex(checksum(head, sealed))}\n\n${body.join('\n')}\n${end}\n`;
}

/**
 * Takes the content out again. What stands before the first line and behind the last, such as the rest of a mail, and
 * how lines end do not matter.
 * @throws {BackupError} `ERR_BACKUP_FORMAT`, `ERR_BACKUP_DAMAGED`, `ERR_BACKUP_NEWER`, `ERR_BACKUP_PASSPHRASE`
 */
export async function openBackup(text: string, passphrase: string): Promise<Uint8Array> {
  const { cost, salt, sealed } = parseBackup(text);
  const key = await derivePassphraseKey(passphrase, salt, cost);
  const content = await platform.createSealer(key).open(sealed, encodeUtf8(formatHead(cost, salt)));
  if (content === undefined) {
    throw new BackupError('ERR_BACKUP_PASSPHRASE', 'The passphrase does not fit this backup.');
  }
  return content;
}

function parseBackup(text: string): SealedBackup {
  const lines = text.split(/\r?\n/).map(line => line.trim());
  const first = lines.indexOf(begin);
  if (first < 0) {
    throw new BackupError('ERR_BACKUP_FORMAT', `This is no backup: it has no line "${begin}".`);
  }
  const last = lines.indexOf(end, first);
  const blank = lines.indexOf('', first);
  const fields = new Map(lines.slice(first + 1, Math.max(blank, first + 1)).map(parseField));
  checkVersion(fields.get('Version'));
  if (last < 0) throw damaged(`It was cut off: the line "${end}" is missing.`);
  if (blank < 0 || blank > last) throw damaged('Its head has no end.');
  try {
    const cost = parseCost(fields.get('Scrypt') ?? '');
    const salt = decodeBase64(fields.get('Salt') ?? '', 'Backup.Salt');
    const sealed = decodeBase64(lines.slice(blank, last).join(''), 'Backup');
    const expected = decodeHex(fields.get('Checksum') ?? '', 'Backup.Checksum');
    if (!equalBytes(checksum(formatHead(cost, salt), sealed), expected)) {
      throw damaged('Its checksum does not fit.');
    }
    return { cost, salt, sealed };
  } catch (error) {
    throw error instanceof ParseError ? damaged('Part of it cannot be read.', error) : error;
  }
}

/** Everything before the checksum; sealed along with the content, so nobody can make a passphrase cheaper to guess. */
function formatHead({ N, r, p }: ScryptCost, salt: Uint8Array): string {
  return `Version: ${backupVersion}\nScrypt: N=${N} r=${r} p=${p}\nSalt: ${encodeBase64(salt)}\n`;
}

function checksum(head: string, sealed: Uint8Array): Uint8Array {
  return sha256(concatBytes(encodeUtf8(head), sealed));
}

function parseField(line: string): [string, string] {
  const [, name = line, value = ''] = /^([A-Za-z]+): (.*)$/.exec(line) ?? [];
  return [name, value];
}

function checkVersion(text: string | undefined): void {
  if (text === undefined || !/^[1-9]\d{0,5}$/.test(text)) throw damaged('It does not say its version.');
  const version = Number(text);
  if (version > backupVersion) throw new NewerBackupError(version, backupVersion);
}

function parseCost(text: string): ScryptCost {
  const [, N, r, p] = (/^N=(\d+) r=(\d+) p=(\d+)$/.exec(text) ?? []).map(Number);
  const cost = { N: N ?? 0, r: r ?? 0, p: p ?? 0 };
  if (!isSoundCost(cost)) throw damaged('What it says of its passphrase is out of bounds.');
  return cost;
}

function damaged(what: string, cause?: unknown): BackupError {
  return new BackupError('ERR_BACKUP_DAMAGED', `The backup is damaged. ${what} Get the text again.`, {
    ...(cause !== undefined && { cause }),
  });
}
