import type { Protocol } from '@dimp/core';
import { isJsonObject, type JsonObject, type JsonValue, parsePrivateKey, type Verified } from '@dimp/crypto';
import {
  type ID,
  type Meta,
  type Profile,
  parseID,
  parseMeta,
  parseProfile,
  verifyMeta,
  verifyProfile,
} from '@dimp/mkm';
import type { UserKeys } from '@dimp/sdk';
import { VectorFormError } from './case.js';

/** Somebody whom the cases call by a short name. */
export interface Account {
  readonly label: string;
  readonly id: ID;
  readonly meta: Verified<Meta>;
  readonly profile: Verified<Profile> | undefined;
}

/** A user with his private keys, which are read when they are asked for. */
export interface UserAccount extends Account {
  readonly keys: () => UserKeys;
}

/** A group with its members. */
export interface GroupAccount extends Account {
  readonly members: readonly ID[];
}

/** Everybody the cases speak of. */
export interface Accounts {
  readonly users: ReadonlyMap<string, UserAccount>;
  readonly groups: ReadonlyMap<string, GroupAccount>;
}

/**
 * Reads a file of accounts of generation 1: `{ users: { LABEL: { ID, meta, private_key, decrypt_keys?,
 * profile } }, groups: { LABEL: { ID, meta, profile, member_ids } } }`.
 * @throws {VectorFormError} it is of another form, or a meta or profile is not its owner's
 */
export async function parseAccounts(json: JsonObject, protocol: Protocol): Promise<Accounts> {
  const users = new Map<string, UserAccount>();
  for (const [label, entry] of entriesOf(json['users'])) {
    const account = await parseAccount(label, entry, protocol);
    users.set(label, { ...account, keys: keysOf(entry, label, protocol) });
  }
  const groups = new Map<string, GroupAccount>();
  for (const [label, entry] of entriesOf(json['groups'])) {
    const members = entry['member_ids'];
    const account = await parseAccount(label, entry, protocol, [...users.values()]);
    groups.set(label, {
      ...account,
      members: Array.isArray(members) ? members.map(id => parseID(id, protocol)) : [],
    });
  }
  return { users, groups };
}

/** The user of a short name. @throws {VectorFormError} there is none */
export function userOf(accounts: Accounts, label: JsonValue | undefined): UserAccount {
  const account = typeof label === 'string' ? accounts.users.get(label) : undefined;
  if (account !== undefined) return account;
  throw new VectorFormError(`no user ${JSON.stringify(label)} in the accounts`);
}

/** The group of a short name. @throws {VectorFormError} there is none */
export function groupOf(accounts: Accounts, label: JsonValue | undefined): GroupAccount {
  const account = typeof label === 'string' ? accounts.groups.get(label) : undefined;
  if (account !== undefined) return account;
  throw new VectorFormError(`no group ${JSON.stringify(label)} in the accounts`);
}

async function parseAccount(
  label: string,
  entry: JsonObject,
  protocol: Protocol,
  signers: readonly Account[] = [],
): Promise<Account> {
  const id = parseID(entry['ID'], protocol);
  const meta = await verifyMeta(parseMeta(entry['meta'], protocol), id, protocol);
  if (meta === undefined) throw new VectorFormError(`accounts: the meta of ${label} is not his`);
  if (!isJsonObject(entry['profile'])) return { label, id, meta, profile: undefined };
  // a group's profile is signed by one of its members
  const keys = [meta.key, ...signers.map(signer => signer.meta.key)];
  const profile = await verifyProfile(parseProfile(entry['profile'], protocol), id, keys);
  if (profile === undefined)
    throw new VectorFormError(`accounts: the profile of ${label} is not signed by him`);
  return { label, id, meta, profile };
}

function keysOf(entry: JsonObject, label: string, protocol: Protocol): () => UserKeys {
  let keys: UserKeys | undefined;
  return () => {
    const { private_key: metaKey, decrypt_keys: others } = entry;
    if (metaKey === undefined) throw new VectorFormError(`accounts: ${label} has no private key`);
    keys ??= {
      metaKey: parsePrivateKey(metaKey, protocol),
      profileKeys: Array.isArray(others) ? others.map(key => ({ key: parsePrivateKey(key, protocol) })) : [],
    };
    return keys;
  };
}

function entriesOf(json: JsonValue | undefined): readonly (readonly [string, JsonObject])[] {
  if (!isJsonObject(json)) return [];
  return Object.entries(json).map(([label, entry]) => {
    if (isJsonObject(entry)) return [label, entry];
    throw new VectorFormError(`accounts: expected an object for ${label}`);
  });
}
