import { DimpError } from '@dimp/crypto';

/** What can be wrong with a store. The texts are stable. */
export const StoreErrorCode = {
  /** The passphrase does not fit. */
  wrongPassphrase: 'ERR_STORE_PASSPHRASE',
  /** The store is sealed and no passphrase was given. */
  passphraseNeeded: 'ERR_STORE_PASSPHRASE_NEEDED',
  /** A passphrase was given and the store has none: what is in it lies open. */
  unprotected: 'ERR_STORE_UNPROTECTED',
  /** One record was altered or is broken; the others are not touched by it. */
  damaged: 'ERR_STORE_DAMAGED',
  /** The database as a whole cannot be read: files missing, cut off or overwritten. */
  corrupt: 'ERR_STORE_CORRUPT',
  /** It was written by a later version of this package. */
  newer: 'ERR_STORE_NEWER',
  /** Another process has it open. */
  locked: 'ERR_STORE_LOCKED',
  /** No room is left for it. */
  full: 'ERR_STORE_FULL',
  /** A write failed for another reason. */
  write: 'ERR_STORE_WRITE',
  /** Another tab that has the store open does not answer. */
  silent: 'ERR_STORE_SILENT',
  /** It was closed. */
  closed: 'ERR_STORE_CLOSED',
} as const;

/** @see StoreErrorCode */
export type StoreErrorCode = (typeof StoreErrorCode)[keyof typeof StoreErrorCode];

/** Something is wrong with a store or its database. Tell what by `code`. */
export class StoreError extends DimpError {
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options: ErrorOptions = {}) {
    super(code, message, options);
  }
}

/** One record is damaged. */
export class DamagedRecordError extends StoreError {
  /** What kind of record: `'profile'`. */
  readonly space: string;
  /** Its key on disk, in hexadecimal; it shows no ID. */
  readonly key: string;

  constructor(space: string, key: string) {
    super('ERR_STORE_DAMAGED', `A record of "${space}" is damaged; repair() sets it aside. Others are good.`);
    this.space = space;
    this.key = key;
  }
}

/** The store has a schema that this version does not know. */
export class NewerSchemaError extends StoreError {
  readonly found: number;
  readonly known: number;

  constructor(found: number, known: number) {
    super('ERR_STORE_NEWER', `The store has schema ${found}, this version knows up to ${known}; update it.`);
    this.found = found;
    this.known = known;
  }
}

/** Who has a store open. */
export interface StoreHolder {
  /** Process number. */
  readonly pid: number;
  readonly host: string;
  /** Seconds since 1970. */
  readonly since: number;
}

/** Another process has the store open. */
export class LockedError extends StoreError {
  /** Undefined when it did not leave its name. */
  readonly holder: StoreHolder | undefined;

  constructor(location: string, holder: StoreHolder | undefined, options: ErrorOptions = {}) {
    const by =
      holder === undefined
        ? 'another process'
        : `process ${holder.pid} on ${holder.host} since ${new Date(holder.since * 1000).toISOString()}`;
    super('ERR_STORE_LOCKED', `The store at ${location} is held by ${by}; close it there first.`, options);
    this.holder = holder;
  }
}

/** The error for another tab that has the database, or its turn, and does not answer. */
export function silentTab(): StoreError {
  return new StoreError(
    'ERR_STORE_SILENT',
    'Another tab that has the store open does not answer; reload or close it, and try again.',
  );
}

/** What the operating system and the databases call a disk without room. */
const fullSigns = /ENOSPC|EDQUOT|No space left|Disk quota exceeded|QuotaExceeded|disk is full/i;

/** A failed write as an error with a code; what it was is the cause. */
export function asWriteError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (fullSigns.test(describe(error))) {
    return new StoreError('ERR_STORE_FULL', 'Nothing was saved: no room is left; make room and try again.', {
      cause: error,
    });
  }
  return new StoreError('ERR_STORE_WRITE', 'Nothing was saved: the write failed, see the cause.', {
    cause: error,
  });
}

/** A failed read as an error with a code; what it was is the cause. */
export function asReadError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(
    'ERR_STORE_CORRUPT',
    'The database cannot be read; see the cause and repairStore().',
    {
      cause: error,
    },
  );
}

/** Name, code and text of an error and of what caused it. */
export function describe(error: unknown): string {
  const { name, code, message, cause } = Object(error) as Readonly<Record<string, unknown>>;
  const own = [name, code, message].filter(part => typeof part === 'string').join(' ');
  return cause === undefined ? own : `${own} ${describe(cause)}`;
}
