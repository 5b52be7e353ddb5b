import type { Protocol } from '@dimp/core';
import { isJsonObject, type JsonObject, type JsonValue } from '@dimp/crypto';
import { type ID, parseID } from '@dimp/mkm';
import { Facebook, MemoryArchive } from '@dimp/sdk';
import type { Account, Accounts, UserAccount } from './accounts.js';
import { VectorFormError } from './case.js';

/** What a program under test knows. */
export interface WorldOptions {
  /** Whose private keys are here. */
  readonly as?: UserAccount;
  /** Short names of those whose metas are here; all when absent or `"all"`. */
  readonly knownMetas?: JsonValue | undefined;
  /** The same of profiles. */
  readonly knownProfiles?: JsonValue | undefined;
  /** Lists of members by group ID, null where they are unknown; those of the accounts for other groups. */
  readonly members?: JsonValue | undefined;
  /** Assistants by group ID. */
  readonly assistants?: JsonValue | undefined;
}

/**
 * A Facebook that knows what a case says: metas and profiles of all accounts or of some, and the private keys
 * of one.
 */
export async function createWorld(
  accounts: Accounts,
  protocol: Protocol,
  options: WorldOptions = {},
): Promise<Facebook> {
  const archive = new MemoryArchive();
  const everybody: readonly Account[] = [...accounts.users.values(), ...accounts.groups.values()];
  const knowsMeta = selector(options.knownMetas, 'known_metas');
  const knowsProfile = selector(options.knownProfiles, 'known_profiles');
  for (const { label, id, meta, profile } of everybody) {
    if (knowsMeta(label)) archive.saveMeta(id, meta);
    if (knowsProfile(label) && profile !== undefined) archive.saveProfile(id, profile);
  }
  for (const { id, members } of accounts.groups.values()) archive.saveMembers(id, members);
  for (const [group, members] of listsOf(options.members, protocol)) archive.saveMembers(group, members);
  for (const [group, robots] of listsOf(options.assistants, protocol))
    archive.saveAssistants(group, robots ?? []);
  const { as } = options;
  if (as !== undefined) {
    archive.saveMeta(as.id, as.meta);
    archive.saveUserKeys(as.id, as.keys());
    archive.saveLocalUsers([as.id]);
  }
  return new Facebook({ protocol, archive });
}

function selector(labels: JsonValue | undefined, what: string): (label: string) => boolean {
  if (labels === undefined || labels === null || labels === 'all') return () => true;
  if (Array.isArray(labels)) return label => labels.includes(label);
  throw new VectorFormError(`${what}: expected "all" or a list of short names`);
}

function* listsOf(
  lists: JsonValue | undefined,
  protocol: Protocol,
): Generator<readonly [ID, readonly ID[] | undefined], void, undefined> {
  const json: JsonObject = isJsonObject(lists) ? lists : {};
  for (const [group, members] of Object.entries(json)) {
    const ids = Array.isArray(members) ? members.map(id => parseID(id, protocol)) : undefined;
    yield [parseID(group, protocol), ids];
  }
}
