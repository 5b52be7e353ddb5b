import { DimpError } from '@dimp/crypto';

/** What can be wrong with a backup. The texts are stable. */
export const BackupErrorCode = {
  /** The text holds no backup. */
  noBackup: 'ERR_BACKUP_FORMAT',
  /** It holds one that was cut off or altered on its way. Get the text again. */
  damaged: 'ERR_BACKUP_DAMAGED',
  /** The text is whole, and the passphrase does not fit. */
  wrongPassphrase: 'ERR_BACKUP_PASSPHRASE',
  /** It was made by a later version of this package. */
  newer: 'ERR_BACKUP_NEWER',
  /** It opened, and what it says cannot be: keys that do not belong to the account, members that are missing. */
  content: 'ERR_BACKUP_CONTENT',
} as const;

/** @see BackupErrorCode */
export type BackupErrorCode = (typeof BackupErrorCode)[keyof typeof BackupErrorCode];

/** A backup cannot be used. Tell why by `code`. */
export class BackupError extends DimpError {
  declare readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, options: ErrorOptions = {}) {
    super(code, message, options);
  }
}

/** A backup has a format that this version does not know. */
export class NewerBackupError extends BackupError {
  readonly found: number;
  readonly known: number;

  constructor(found: number, known: number) {
    super(
      'ERR_BACKUP_NEWER',
      `The backup has version ${found}, this program knows up to ${known}; update it.`,
    );
    this.found = found;
    this.known = known;
  }
}
