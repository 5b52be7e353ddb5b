import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type JsonObject,
  type PrivateKey,
  type PublicKey,
  parsePrivateKey,
  unsafeMarkVerified,
  type Verified,
} from '@dimp/crypto';
import { defaultAsymmetric, defaultSymmetric } from '@dimp/crypto/defaults';
import {
  type Content,
  createInstantMessage,
  createText,
  formatReliableMessage,
  type InstantMessage,
  parseReliableMessage,
  type ReliableMessage,
  trimMessage,
} from '@dimp/dkd';
import { defaultCommands, defaultContents } from '@dimp/dkd/defaults';
import {
  createMetaID,
  generateMeta,
  type ID,
  isGroupID,
  type Meta,
  type Profile,
  parseID,
  parseMeta,
  parseProfile,
} from '@dimp/mkm';
import { defaultAddresses, defaultMetas } from '@dimp/mkm/defaults';
import { Barrack, type BarrackSource } from '../src/barrack.js';
import type { DecryptedMessage } from '../src/decryptor.js';
import { MemoryKeyStore, type MemoryKeyStoreOptions } from '../src/memory-key-store.js';
import { createProtocol, type Protocol } from '../src/protocol.js';
import { Transceiver, type TransceiverOptions } from '../src/transceiver.js';

export const protocol: Protocol = createProtocol({
  asymmetric: defaultAsymmetric,
  symmetric: defaultSymmetric,
  addresses: defaultAddresses,
  metas: defaultMetas,
  contents: defaultContents,
  commands: defaultCommands,
});

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
  readonly decrypt_keys?: readonly (number | JsonObject)[];
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

/** Short names of everybody in accounts.json. */
export const names: readonly string[] = [...Object.keys(accounts.users), ...Object.keys(accounts.groups)];

/** A test user or the test group by its short name. */
export function account(name: string): Account {
  const found = accounts.users[name] ?? accounts.groups[name];
  if (found === undefined) throw new Error(`no account ${name}`);
  return found;
}

/** An ID by short name or by text. */
export function id(name: string): ID {
  return parseID(accounts.users[name]?.ID ?? accounts.groups[name]?.ID ?? name, protocol);
}

export function meta(name: string): Verified<Meta> {
  return unsafeMarkVerified(parseMeta(account(name).meta, protocol));
}

export function privateKey(name: string): PrivateKey {
  return parsePrivateKey(account(name).private_key, protocol);
}

/** Private keys that decrypt: those of profile keys, last the meta's. */
export function decryptKeys(name: string): readonly PrivateKey[] {
  const { decrypt_keys = [], private_key } = account(name);
  const keys = decrypt_keys.filter((key): key is JsonObject => typeof key === 'object' && key !== null);
  return [...keys, private_key].map(key => parsePrivateKey(key, protocol));
}

/** A data source in memory. It counts what it is asked. */
export class MemorySource implements BarrackSource {
  readonly metas: Map<string, Verified<Meta>> = new Map();
  readonly profiles: Map<string, Verified<Profile>> = new Map();
  readonly signKeys: Map<string, PrivateKey> = new Map();
  readonly decryptKeys: Map<string, readonly PrivateKey[]> = new Map();
  readonly members: Map<string, readonly ID[]> = new Map();
  readonly asked: Map<string, number> = new Map();
  /** How many decryptions with private keys were done. */
  privateOperations = 0;

  loadMeta(of: ID): Verified<Meta> | undefined {
    this.#count(`meta ${of.key}`);
    return this.metas.get(of.key);
  }

  async loadProfile(of: ID): Promise<Verified<Profile> | undefined> {
    this.#count(`profile ${of.key}`);
    return this.profiles.get(of.key);
  }

  loadSignKey(user: ID): PrivateKey | undefined {
    return this.signKeys.get(user.key);
  }

  loadDecryptKeys(user: ID): readonly PrivateKey[] {
    return (this.decryptKeys.get(user.key) ?? []).map(key => this.#counting(key));
  }

  async loadMembers(group: ID): Promise<readonly ID[] | undefined> {
    return this.members.get(group.key);
  }

  loadAssistants(): readonly ID[] {
    return [id('robot')];
  }

  saveMeta(of: ID, saved: Verified<Meta>): void {
    this.metas.set(of.key, saved);
  }

  async saveProfile(of: ID, saved: Verified<Profile>): Promise<void> {
    this.profiles.set(of.key, saved);
  }

  #count(what: string): void {
    this.asked.set(what, (this.asked.get(what) ?? 0) + 1);
  }

  #counting(key: PrivateKey): PrivateKey {
    const { algorithm, bits, publicKey, decryption } = key;
    const decrypt = async (ciphertext: Uint8Array): Promise<Uint8Array> => {
      this.privateOperations += 1;
      if (decryption === undefined) throw new Error('this key only signs');
      return decryption.decrypt(ciphertext);
    };
    return { algorithm, bits, publicKey, sign: data => key.sign(data), decryption: { decrypt } };
  }
}

/** The machine of one user. */
export interface Machine {
  readonly source: MemorySource;
  readonly barrack: Barrack;
  readonly keyStore: MemoryKeyStore;
  readonly transceiver: Transceiver;
}

/** How a machine differs from the usual one, which knows everybody in accounts.json. */
export interface MachineOptions {
  readonly knows?: readonly string[];
  readonly keys?: MemoryKeyStoreOptions;
  readonly transceiver?: Partial<TransceiverOptions>;
}

/** Everything of one local user; a name that is no account makes a machine without private keys. */
export function machine(user: string, options: MachineOptions = {}): Machine {
  const source = new MemorySource();
  for (const name of options.knows ?? names) {
    source.metas.set(id(name).key, meta(name));
    const { profile } = account(name);
    if (profile !== null)
      source.profiles.set(id(name).key, unsafeMarkVerified(parseProfile(profile, protocol)));
  }
  if (accounts.users[user] !== undefined) {
    source.signKeys.set(id(user).key, privateKey(user));
    source.decryptKeys.set(id(user).key, decryptKeys(user));
  }
  for (const [name, group] of Object.entries(accounts.groups)) {
    source.members.set(id(name).key, group.member_ids.map(id));
  }
  const barrack = new Barrack({ protocol, source });
  const keyStore = new MemoryKeyStore(options.keys);
  const transceiver = new Transceiver({ barrack, keyStore, ...options.transceiver });
  return { source, barrack, keyStore, transceiver };
}

/** The time in tests. */
export const time = 1_586_000_000;

export function instant(from: string, to: string | ID, content: Content = createText('Hey')): InstantMessage {
  const receiver = typeof to === 'string' ? id(to) : to;
  return createInstantMessage({ sender: id(from), receiver, time }, content);
}

/** Encrypts and signs, and reads again what would travel. */
export async function send(from: Machine, message: InstantMessage): Promise<ReliableMessage> {
  const { message: secure } = await from.transceiver.encrypt(freeze(message));
  return travel(await from.transceiver.sign(secure));
}

/** What arrives of a message. */
export function travel(message: ReliableMessage): ReliableMessage {
  return parseReliableMessage(freeze(JSON.parse(JSON.stringify(formatReliableMessage(message)))), protocol);
}

/** Verifies and opens for a user, as a messenger would: what goes to a group is trimmed first. */
export async function open(
  on: Machine,
  message: ReliableMessage,
  user: string | ID,
): Promise<DecryptedMessage> {
  const receiver = typeof user === 'string' ? id(user) : user;
  const { message: verified } = await on.transceiver.verify(message);
  const trimmed = isGroupID(verified.envelope.receiver)
    ? trimMessage(verified, receiver, protocol)
    : verified;
  return on.transceiver.decrypt(trimmed, receiver);
}

/** The code an action fails with; undefined when it does not fail. */
export async function codeOf(action: Promise<unknown>): Promise<string | undefined> {
  try {
    await action;
  } catch (error) {
    return (error as { readonly code?: string }).code ?? 'none';
  }
  return undefined;
}

/** A new person whose keys all are one pair; making an ID is cheap, making a pair is not. */
export async function person(
  name: string,
  keys = 'anna',
): Promise<{ readonly id: ID; readonly meta: Verified<Meta> }> {
  const made = await generateMeta(privateKey(keys), name, protocol);
  return { id: createMetaID(made, 8, protocol), meta: made };
}

/** The public key that belongs to a user's meta. */
export function publicKey(name: string): PublicKey {
  return meta(name).key;
}

/** Freezes a value with all in it, so that a change fails loudly. Byte arrays cannot be frozen. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    const kind: unknown = Object.getPrototypeOf(value);
    if (kind === Object.prototype || kind === Array.prototype) {
      for (const part of Object.values(value)) freeze(part);
      Object.freeze(value);
    }
  }
  return value;
}

/** A copy with one bit turned over. */
export function flip(data: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}
