import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Protocol } from '@dimp/core';
import { type JsonObject, parsePrivateKey } from '@dimp/crypto';
import { type ID, parseMeta, parseProfile } from '@dimp/mkm';
import { defaultProtocol } from '../src/defaults.js';
import { Facebook } from '../src/index.js';

/** One case of a vector file: what is given, and what should come of it. */
export interface Vector<In, Out> {
  readonly name: string;
  readonly op: string;
  readonly in: In;
  readonly out: Out & { readonly refused?: true };
}

interface Account {
  readonly ID: string;
  readonly meta: JsonObject;
  readonly private_key: JsonObject;
  readonly decrypt_keys: readonly JsonObject[];
  readonly profile: JsonObject | null;
}

function read(name: string): Readonly<Record<string, unknown>> {
  const path = join(import.meta.dirname, '../../interop/vectors/v1', `${name}.json`);
  return freeze(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>);
}

/** The cases of a file for one operation; never none. */
export function vectors<In, Out>(file: string, op: string): readonly Vector<In, Out>[] {
  const cases = (read(file)['cases'] as readonly Vector<In, Out>[]).filter(one => one.op === op);
  if (cases.length === 0) throw new Error(`no ${op} in ${file}.json`);
  return cases;
}

export const accounts = read('accounts') as unknown as {
  readonly users: Readonly<Record<string, Account>>;
  readonly groups: Readonly<Record<string, Account & { readonly member_ids: readonly string[] }>>;
};

export const protocol: Protocol = defaultProtocol();

/** A test user by his short name. */
export function account(name: string): Account {
  const found = accounts.users[name];
  if (found === undefined) throw new Error(`no account ${name}`);
  return found;
}

/** A Facebook that knows all accounts and acts as one of them. */
export async function facebookOf(name: string): Promise<Facebook> {
  const facebook = new Facebook({ protocol });
  for (const { ID: text, meta } of [...Object.values(accounts.users), ...Object.values(accounts.groups)]) {
    await facebook.saveMeta(parseMeta(meta, protocol), facebook.parseID(text));
  }
  for (const { profile } of Object.values(accounts.users)) {
    if (profile !== null) await facebook.saveProfile(parseProfile(profile, protocol));
  }
  for (const { ID: text, member_ids } of Object.values(accounts.groups)) {
    await facebook.saveMembers(
      facebook.parseID(text),
      member_ids.map(member => facebook.parseID(member)),
    );
  }
  const { ID: text, meta, private_key } = account(name);
  const metaKey = parsePrivateKey(private_key, protocol);
  await facebook.addLocalUser(facebook.parseID(text), parseMeta(meta, protocol), {
    metaKey,
    profileKeys: [],
  });
  return facebook;
}

/** An ID of the accounts by short name, or by text. */
export function idOf(name: string): ID {
  return new Facebook({ protocol }).parseID(accounts.users[name]?.ID ?? name);
}

/** Bytes of base64 text, by another program than the one under test. */
export function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

/** Freezes a value with all in it, so that a change fails loudly. Byte arrays cannot be frozen. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}

/** What was thrown, by code; undefined when nothing was. */
export async function codeOf(action: () => unknown): Promise<string | undefined> {
  try {
    await action();
  } catch (error) {
    return (error as { readonly code?: string }).code ?? 'none';
  }
  return undefined;
}
