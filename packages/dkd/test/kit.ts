import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createRegistry,
  type JsonObject,
  type PrivateKey,
  parsePrivateKey,
  parseSymmetricKey,
  type SymmetricKey,
} from '@dimp/crypto';
import { defaultAsymmetric, defaultSymmetric } from '@dimp/crypto/defaults';
import { type ID, type Meta, parseID, parseMeta } from '@dimp/mkm';
import { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';
import { fc } from '@fast-check/jest';
import { defaultCommands, defaultContents } from '../src/defaults.js';
import type { MessageContext } from '../src/index.js';

/** The registries of generation 1. */
export const context: MessageContext = {
  asymmetric: createRegistry('asymmetric algorithm', defaultAsymmetric),
  symmetric: createRegistry('symmetric algorithm', defaultSymmetric),
  addresses: defaultAddresses,
  metas: createRegistry('kind of meta', defaultMetas),
  contents: createRegistry('content definition', defaultContents),
  commands: createRegistry('command definition', defaultCommands),
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

/** What a case of the operation `message` gives and expects. */
export interface MessageIn {
  readonly sender_account: string;
  readonly key: JsonObject | null;
}
export interface MessageOut {
  readonly instant: JsonObject;
  readonly content_text: string;
  readonly secure: JsonObject;
  readonly reliable: JsonObject;
  readonly package?: string;
  readonly signed_bytes: string;
  readonly readers: readonly string[];
  readonly not_readers: readonly string[];
  readonly content: JsonObject;
  readonly members?: readonly string[];
  readonly split?: readonly JsonObject[] | Readonly<Record<string, JsonObject>>;
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

/** An ID by short name or by text. */
export function id(name: string): ID {
  return parseID(accounts.users[name]?.ID ?? accounts.groups[name]?.ID ?? name, context);
}

export function meta(name: string): Meta {
  return parseMeta(account(name).meta, context);
}

export function privateKey(name: string): PrivateKey {
  return parsePrivateKey(account(name).private_key, context);
}

/** All private keys of a user that decrypt. */
export function decryptKeys(name: string): readonly PrivateKey[] {
  const { decrypt_keys, private_key } = account(name);
  const keys = decrypt_keys.filter((key): key is JsonObject => typeof key === 'object' && key !== null);
  return [...keys, private_key].map(key => parsePrivateKey(key, context));
}

/** A message key that is the same at every run. */
export const messageKey: SymmetricKey = parseSymmetricKey(
  {
    algorithm: 'AES',
    data: Buffer.alloc(32, 7).toString('base64'),
    iv: Buffer.alloc(16, 9).toString('base64'),
  },
  context,
);

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

const hurtful = ['__proto__', 'constructor', 'toString', '0', 'sender', 'type', 'data', 'keys', 'group'];

/** Any JSON, with member names that hurt careless programs. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.tuple(fc.constantFrom(...hurtful), fc.jsonValue())).map(entries => Object.fromEntries(entries)),
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
export const parseCodes: readonly (string | undefined)[] = [
  undefined,
  'ERR_PARSE',
  'ERR_LIMIT',
  'ERR_UNSUPPORTED',
  'ERR_KEY_FORMAT',
];
