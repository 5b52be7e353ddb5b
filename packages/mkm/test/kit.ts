import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createRegistry,
  type JsonObject,
  type PrivateKey,
  parsePrivateKey,
  unsafeMarkVerified,
  type Verified,
} from '@dimp/crypto';
import { defaultAsymmetric } from '@dimp/crypto/defaults';
import { fc } from '@fast-check/jest';
import { defaultAddresses, defaultMetas } from '../src/defaults.js';
import {
  type GroupDataSource,
  type ID,
  type IdentityContext,
  type Meta,
  type Profile,
  parseID,
  parseMeta,
  parseProfile,
  type UserDataSource,
} from '../src/index.js';

/** The registries of generation 1. */
export const context: IdentityContext = {
  asymmetric: createRegistry('asymmetric algorithm', defaultAsymmetric),
  addresses: defaultAddresses,
  metas: createRegistry('kind of meta', defaultMetas),
};

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
  readonly decrypt_keys: readonly (number | JsonObject)[];
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

const accounts = read('accounts') as unknown as {
  readonly users: Readonly<Record<string, Account>>;
  readonly groups: Readonly<Record<string, Account & { readonly member_ids: readonly string[] }>>;
};

/** A test user or the test group by its short name. */
export function account(name: string): Account {
  const found = accounts.users[name] ?? accounts.groups[name];
  if (found === undefined) throw new Error(`no account ${name}`);
  return found;
}

export const userNames: readonly string[] = Object.keys(accounts.users);

/** An ID by short name or by text. */
export function id(name: string): ID {
  return parseID(accounts.users[name]?.ID ?? accounts.groups[name]?.ID ?? name, context);
}

export function meta(name: string): Verified<Meta> {
  return unsafeMarkVerified(parseMeta(account(name).meta, context));
}

export function profile(name: string): Verified<Profile> | undefined {
  const json = account(name).profile;
  return json === null ? undefined : unsafeMarkVerified(parseProfile(json, context));
}

export function privateKey(name: string): PrivateKey {
  return parsePrivateKey(account(name).private_key, context);
}

/** Everything about all accounts, with changes. */
export function source(
  changes: Partial<UserDataSource & GroupDataSource> = {},
): UserDataSource & GroupDataSource {
  const names = [...userNames, ...Object.keys(accounts.groups)];
  const nameOf = (of: ID): string | undefined => names.find(name => id(name).key === of.key);
  return {
    loadMeta: of => {
      const name = nameOf(of);
      return name === undefined ? undefined : meta(name);
    },
    loadProfile: of => {
      const name = nameOf(of);
      return name === undefined ? undefined : profile(name);
    },
    loadSignKey: of => {
      const name = nameOf(of);
      return name === undefined ? undefined : privateKey(name);
    },
    loadDecryptKeys: of => {
      const { decrypt_keys = [], private_key } = account(nameOf(of) ?? '');
      const keys = decrypt_keys.filter((key): key is JsonObject => typeof key === 'object' && key !== null);
      return [...keys, private_key].map(key => parsePrivateKey(key, context));
    },
    loadMembers: () => accounts.groups['group']?.member_ids.map(text => id(text)),
    loadAssistants: () => [id('robot')],
    ...changes,
  };
}

/** Freezes a value with all in it, so that a change fails loudly. Byte arrays cannot be frozen. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}

/** What was thrown, by code; `'none'` for an error without one. */
export function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return (error as { readonly code?: string }).code ?? 'none';
  }
  return undefined;
}

/** A copy with one bit turned over. */
export function flip(data: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

/** Any JSON, with member names that hurt careless programs. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc
    .array(
      fc.tuple(fc.constantFrom('__proto__', 'constructor', 'toString', 'ID', 'data', 'x'), fc.jsonValue()),
    )
    .map(entries => Object.fromEntries(entries)),
);

/** Members beside the known ones; nulls among them. */
export function extraMembers(...known: readonly string[]): fc.Arbitrary<JsonObject> {
  return fc
    .dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'x-new', '0')), fc.jsonValue(), {
      maxKeys: 5,
    })
    .map(members => {
      const entries = Object.entries(members).filter(([name]) => !known.includes(name));
      return freeze(JSON.parse(JSON.stringify(Object.fromEntries(entries))) as JsonObject);
    });
}

/** What hostile input may end in. */
export const parseCodes: readonly string[] = ['ERR_PARSE', 'ERR_LIMIT', 'ERR_UNSUPPORTED', 'ERR_KEY_FORMAT'];
