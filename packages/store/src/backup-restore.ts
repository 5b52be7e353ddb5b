import { type DimpError, equalBytes } from '@dimp/crypto';
import { type ID, isBroadcastID, parseID, parseMeta, parseProfile } from '@dimp/mkm';
import type { Facebook, ProfileKey, UserKeys } from '@dimp/sdk';
import type { AccountBackup, EntityBackup } from './backup-content.js';
import { BackupError } from './backup-errors.js';

/** What came out of a backup. */
export interface ImportedAccount {
  readonly user: ID;
  /** When the backup was made, in seconds. */
  readonly time: number;
  /** Contacts and groups in it. */
  readonly contacts: readonly ID[];
  readonly groups: readonly ID[];
  /** IDs whose meta or profile was not accepted; the contacts and groups stay, and ask the network again. */
  readonly refused: readonly string[];
  /** Names of parts in it for which no `BackupPart` was given. */
  readonly leftOut: readonly string[];
}

/** Puts an account into a Facebook, the user last: so that he does not act before everything is there. */
export async function restoreAccount(
  account: AccountBackup,
  facebook: Facebook,
): Promise<Omit<ImportedAccount, 'leftOut'>> {
  const { archive } = facebook;
  const { user, time, contacts, groups, names } = account;
  const others = account.entities.filter(({ id }) => id !== user.text);
  const refused = new Set<string>();
  const attempt = async (entity: EntityBackup, save: () => Promise<boolean>): Promise<void> => {
    if (!(await isAccepted(save))) refused.add(entity.id);
  };
  await checkUser(account, facebook);
  // a group's profile is signed by members, so all metas and members come first
  for (const entity of others) await attempt(entity, () => saveMeta(entity, facebook));
  for (const { id, members, assistants } of groups) {
    const known = await archive.loadMembers(id);
    if (known === undefined && members !== undefined) await facebook.saveMembers(id, members);
    if ((await archive.loadAssistants(id)).length === 0 && assistants.length > 0) {
      await facebook.saveAssistants(id, assistants);
    }
  }
  for (const entity of others) await attempt(entity, () => saveProfile(entity, facebook));
  const taken = await archive.loadNames();
  for (const [name, id] of names) if (!taken.has(name)) await archive.saveName(name, id);
  for (const contact of contacts) await facebook.addContact(user, contact);
  await addUser(account, facebook);
  return { user, time, contacts, groups: groups.map(({ id }) => id), refused: [...refused] };
}

async function checkUser({ user, entities, keys }: AccountBackup, facebook: Facebook): Promise<void> {
  const own = entities.find(({ id }) => id === user.text);
  const challenge = new Uint8Array(32);
  const isGood =
    own !== undefined &&
    !isBroadcastID(user) &&
    (await facebook.saveMeta(parseMeta(own.meta, facebook.protocol), user)) &&
    (await (await facebook.loadMeta(user))?.key.verify(challenge, await keys.metaKey.sign(challenge)));
  if (!isGood) {
    throw new BackupError('ERR_BACKUP_CONTENT', 'The keys in the backup do not belong to its account.');
  }
}

/** The user with his keys. One who acts here already keeps his profile and what he encrypts with. */
async function addUser({ user, time, entities, keys }: AccountBackup, facebook: Facebook): Promise<void> {
  const here = await facebook.archive.loadUserKeys(user);
  const own = entities.find(({ id }) => id === user.text) as EntityBackup;
  if (here === undefined && own.profile !== undefined) {
    await facebook.saveProfile(parseProfile(own.profile, facebook.protocol), user);
  }
  const merged = here === undefined ? keys : mergeKeys(here, keys, time);
  await facebook.addLocalUser(user, parseMeta(own.meta, facebook.protocol), merged);
}

/** Keys that are only in the backup still read old messages; they do not become the ones in use. */
function mergeKeys(here: UserKeys, fromBackup: UserKeys, time: number): UserKeys {
  const isHere = ({ key }: ProfileKey): boolean =>
    here.profileKeys.some(known => equalBytes(known.key.publicKey.material, key.publicKey.material));
  const added = fromBackup.profileKeys.filter(entry => !isHere(entry));
  return {
    metaKey: here.metaKey,
    profileKeys: [
      ...here.profileKeys,
      ...added.map(({ key, retired }): ProfileKey => ({ key, retired: retired ?? time })),
    ],
  };
}

async function saveMeta({ id, meta }: EntityBackup, facebook: Facebook): Promise<boolean> {
  const { protocol } = facebook;
  return facebook.saveMeta(parseMeta(meta, protocol), parseID(id, protocol));
}

async function saveProfile({ id, profile }: EntityBackup, facebook: Facebook): Promise<boolean> {
  const { protocol } = facebook;
  const owner = parseID(id, protocol);
  if (profile === undefined || (await facebook.loadProfile(owner)) !== undefined) return true;
  return facebook.saveProfile(parseProfile(profile, protocol), owner);
}

/** What the network may say, a backup may say: an entity that cannot be read is refused, and the others come. */
async function isAccepted(save: () => Promise<boolean>): Promise<boolean> {
  try {
    return await save();
  } catch (error) {
    const { code } = error as Partial<DimpError>;
    if (
      code === 'ERR_PARSE' ||
      code === 'ERR_LIMIT' ||
      code === 'ERR_UNSUPPORTED' ||
      code === 'ERR_KEY_FORMAT'
    ) {
      return false;
    }
    throw error;
  }
}
