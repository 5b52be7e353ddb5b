import type { Protocol } from '@dimp/core';
import { DimpError, type JsonValue, UsageError } from '@dimp/crypto';
import { equalID, type ID, isGroupID, withoutTerminal } from '@dimp/mkm';
import { type Archive, Facebook } from '@dimp/sdk';
import {
  type AccountBackup,
  createEntityBackup,
  type EntityBackup,
  formatContent,
  type GroupBackup,
  parseContent,
} from './backup-content.js';
import { BackupError } from './backup-errors.js';
import { type ImportedAccount, restoreAccount } from './backup-restore.js';
import { openBackup, sealBackup } from './backup-text.js';
import {
  checkAccountPlace,
  checkBackupOptions,
  checkBackupText,
  checkID,
  checkPassphrase,
} from './check-arguments.js';
import { tuneCost } from './passphrase.js';
import type { ScryptCost } from './platform/platform.js';
import type { Store } from './store.js';

/** Where an account is taken from: a `Store`, or a `Facebook` over any archive. */
export interface AccountSource {
  readonly protocol: Protocol;
  readonly archive: Archive & {
    /** All IDs of which a meta is here; without it only groups that are named, or are contacts, are found. */
    listIDs?(): Promise<readonly ID[]>;
  };
}

/** Something else that goes into backups, such as conversations. */
export interface BackupPart {
  /** Stable: by it the part is found again. */
  readonly name: string;
  /** What is to be kept of a user. */
  save(user: ID): Promise<JsonValue>;
  /** Puts it back; what is there already must not come twice. */
  restore(user: ID, value: JsonValue): Promise<void>;
}

/** How a backup is made. */
export interface ExportOptions {
  /** Groups to take along beside those that are found. */
  readonly groups?: readonly ID[];
  readonly parts?: readonly BackupPart[];
  /** What the passphrase costs to try; tuned to about 250 ms on this machine when absent. */
  readonly cost?: ScryptCost;
  /** Seconds since 1970. */
  readonly clock?: () => number;
}

/** How a backup is read. */
export interface ImportOptions {
  readonly parts?: readonly BackupPart[];
}

/**
 * Writes an account down as one text: the user with all private keys, the retired ones too, contacts, and the groups
 * he is a member of, with what is known of everybody in them. The text is ASCII in short lines and can be mailed or
 * printed; whoever has it and the passphrase is the user. BACKUP.md describes it.
 *
 * @example
 * const text = await exportAccount(store, user.id, 'correct horse battery staple')
 * // on another machine, or in a browser
 * const { user } = await importAccount(text, 'correct horse battery staple', otherStore)
 * @throws {TypeError} something is of another kind, such as a User where his ID is expected
 * @throws {UsageError} the user does not act here, or the passphrase is empty
 * @throws {UnsupportedError} a private key that does not give its bytes away, such as one in hardware
 */
export async function exportAccount(
  source: AccountSource,
  user: ID,
  passphrase: string,
  options: ExportOptions = {},
): Promise<string> {
  checkAccountPlace(source, 'source');
  checkID(user, 'user');
  checkPassphrase(passphrase, 'passphrase', 'it protects the backup');
  checkBackupOptions(options);
  const { parts = [], cost, clock = () => Math.floor(Date.now() / 1000) } = options;
  const { archive } = source;
  const keys = await archive.loadUserKeys(user);
  if (keys === undefined) throw new UsageError(`${user.text} is no local user.`);
  const contacts = await archive.loadContacts(user);
  const groups = await findGroups(archive, user, [...contacts, ...(options.groups ?? [])]);
  const ids = uniqueIDs([
    user,
    ...contacts,
    ...groups.flatMap(({ id, members = [], assistants }) => [id, ...members, ...assistants]),
  ]);
  const values = new Map<string, JsonValue>();
  for (const part of parts) values.set(part.name, await part.save(user));
  const content = formatContent({
    user: withoutTerminal(user),
    time: clock(),
    keys,
    entities: await findEntities(archive, ids),
    contacts,
    groups,
    names: await findNames(archive, ids),
    parts: values,
  });
  try {
    return await sealBackup(content, passphrase, cost ?? (await tuneCost()));
  } finally {
    content.fill(0);
  }
}

/**
 * Makes the user of a backup act here. What is known here already stays as it is: newer profiles, members of groups,
 * and for a user who acts here already his profile and keys; the backup adds what is missing. So it may be done again
 * without harm.
 *
 * Metas and profiles are verified as if they came from the network. Into a `Store` everything comes in one unit; into
 * a `Facebook` one thing after another, when it is known that all is well.
 * @throws {TypeError} something is of another kind, such as bytes where a text is expected
 * @throws {BackupError} `ERR_BACKUP_FORMAT`, `ERR_BACKUP_DAMAGED`, `ERR_BACKUP_NEWER`, `ERR_BACKUP_PASSPHRASE`,
 * `ERR_BACKUP_CONTENT`
 * @throws {UnsupportedError} the account uses an algorithm that the target's protocol does not know
 * @throws {StoreError} nothing was saved
 */
export async function importAccount(
  text: string,
  passphrase: string,
  target: Store | Facebook,
  options: ImportOptions = {},
): Promise<ImportedAccount> {
  checkBackupText(text);
  checkPassphrase(passphrase, 'passphrase', 'it is the one with which the backup was made');
  checkAccountPlace(target, 'target');
  checkBackupOptions(options);
  const { protocol } = target;
  const content = await openBackup(text, passphrase);
  const account = readContent(content, protocol);
  const handlers = new Map(options.parts?.map(part => [part.name, part]));
  let imported: Omit<ImportedAccount, 'leftOut'>;
  if ('unit' in target) {
    imported = await target.unit(({ archive }) =>
      restoreAccount(account, new Facebook({ protocol, archive })),
    );
  } else {
    await restoreAccount(account, new Facebook({ protocol }));
    imported = await restoreAccount(account, target);
  }
  for (const [name, value] of account.parts) await handlers.get(name)?.restore(account.user, value);
  return { ...imported, leftOut: [...account.parts.keys()].filter(name => !handlers.has(name)) };
}

function readContent(content: Uint8Array, protocol: Protocol): AccountBackup {
  try {
    return parseContent(content, protocol);
  } catch (error) {
    if (error instanceof DimpError && error.code === 'ERR_UNSUPPORTED') throw error;
    throw new BackupError('ERR_BACKUP_CONTENT', 'The backup opened, and what it says cannot be read.', {
      cause: error,
    });
  } finally {
    content.fill(0);
  }
}

/** The groups among these IDs, and every other that has the user as a member. */
async function findGroups(
  archive: AccountSource['archive'],
  user: ID,
  named: readonly ID[],
): Promise<readonly GroupBackup[]> {
  const found: GroupBackup[] = [];
  for (const id of uniqueIDs([...named, ...((await archive.listIDs?.()) ?? [])]).filter(id =>
    isGroupID(id),
  )) {
    const members = await archive.loadMembers(id);
    const isNamed = named.some(other => equalID(other, id));
    if (!isNamed && members?.some(member => equalID(member, user)) !== true) continue;
    found.push({ id, ...(members && { members }), assistants: await archive.loadAssistants(id) });
  }
  return found;
}

async function findEntities(archive: Archive, ids: readonly ID[]): Promise<readonly EntityBackup[]> {
  const found: EntityBackup[] = [];
  for (const id of ids) {
    const meta = await archive.loadMeta(id);
    // a contact whose meta never came is a contact all the same
    if (meta !== undefined) found.push(createEntityBackup(id, meta, await archive.loadProfile(id)));
  }
  return found;
}

async function findNames(archive: Archive, ids: readonly ID[]): Promise<ReadonlyMap<string, ID>> {
  const keys = new Set(ids.map(({ key }) => key));
  return new Map([...(await archive.loadNames())].filter(([, { key }]) => keys.has(key)));
}

function uniqueIDs(ids: readonly ID[]): readonly ID[] {
  return [...new Map(ids.map(id => [id.key, withoutTerminal(id)])).values()];
}
