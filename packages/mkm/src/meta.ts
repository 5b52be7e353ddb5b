import {
  checkJson,
  type Definition,
  type JsonObject,
  JsonReader,
  LimitError,
  limits,
  ParseError,
  type PrivateKey,
  type PublicKey,
  parsePublicKey,
  unsafeMarkVerified,
  type Verified,
} from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { equalPublicKey } from '@dimp/crypto/match';
import { type Address, isBroadcastAddress } from './address.js';
import { checkContext, type IdentityContext } from './context.js';
import { createID, type ID } from './id.js';
import type { Generation } from './network.js';

/** What ties an ID to a key for ever: whoever holds the private key is the entity. It never changes. */
export interface Meta {
  /** Which kind of meta: `'mkm'`. */
  readonly kind: string;
  /** The kind's number on the wire. */
  readonly version: number;
  readonly key: PublicKey;
  /** The name the key signed; kinds without a name have none. */
  readonly seed?: string;
  /** Signature over the UTF-8 of `seed`. */
  readonly fingerprint?: Uint8Array;
  /** The object as it came, since nothing in a meta may be changed; unknown members included. */
  readonly json: JsonObject;
}

/** The parts of a meta that its kind decides. */
export type MetaParts = Pick<Meta, 'seed' | 'fingerprint'>;

/** One kind of meta. */
export interface MetaType extends Definition {
  readonly code: number;
  readonly kind: string;
  /** Reads `seed` and `fingerprint` as this kind has them. @throws {ParseError} */
  parse(reader: JsonReader): MetaParts;
  /** The parts of a new meta. */
  generate(key: PrivateKey, seed: string): Promise<MetaParts>;
  /** Whether the meta holds together: its key made its fingerprint. */
  verify(meta: Meta): Promise<boolean>;
  /** The address this meta gives for a network number. */
  address(meta: Meta, network: number): Address;
}

/**
 * Reads a meta. Nothing in it has been verified yet.
 *
 * Wire: `{ version: 1, seed: "hulk", key: {…}, fingerprint: "<base64>" }`; also read: `type` for `version`
 * (generation 2), decimal text or a kind's name for the number. Written: as it was read.
 * @throws {ParseError} when a member is missing or of another type, or the version has no definition
 * @throws {LimitError} longer than `limits.metaLength`, unknown members included
 */
export function parseMeta(
  json: unknown,
  context: Pick<IdentityContext, 'asymmetric' | 'metas'>,
  path = 'Meta',
): Meta {
  checkContext(context, 'metas', "createRegistry('kind of meta', defaultMetas)");
  const reader = new JsonReader(json, path);
  checkJson(json as JsonObject, path, limits.metaLength);
  const member = reader.value('type') === undefined ? 'version' : 'type';
  const type = context.metas.find(readCode(reader, member));
  if (type === undefined) {
    const known = [...context.metas].map(definition => definition.code).join(', ');
    throw new ParseError(reader.at(member), `expected one of the supported meta versions (${known})`, {
      code: 'ERR_UNSUPPORTED',
    });
  }
  const parts = type.parse(reader);
  if (parts.seed !== undefined && parts.seed.length > limits.idLength) {
    throw new LimitError(reader.at('seed'), `expected at most ${limits.idLength} letters`);
  }
  return {
    kind: type.kind,
    version: type.code,
    key: parsePublicKey(reader.value('key'), context, reader.at('key')),
    ...parts,
    json: json as JsonObject,
  };
}

/**
 * Reads back a meta that was checked before it was kept, and checks nothing: whoever can write to where it was kept can
 * put another key in its place. For archives that nobody else writes to.
 * @throws {ParseError}
 */
export function unsafeRestoreMeta(
  json: unknown,
  context: Pick<IdentityContext, 'asymmetric' | 'metas'>,
): Verified<Meta> {
  return unsafeMarkVerified(parseMeta(json, context));
}

function readCode(reader: JsonReader, member: string): string | number {
  const value = reader.value(member);
  if (typeof value === 'string' && !/^\d{1,3}$/.test(value)) return value;
  return reader.integer(member);
}

/** The object of a meta for peers of a generation; `'both'` is the form that either reads. */
export function formatMeta(
  meta: Meta,
  options: { readonly generation?: Generation | 'both' } = {},
): JsonObject {
  const { generation = 1 } = options;
  const json = { ...meta.json };
  if (generation !== 2 && !Object.hasOwn(json, 'version')) json['version'] = meta.version;
  if (generation !== 1 && !Object.hasOwn(json, 'type')) json['type'] = String(meta.version);
  return json;
}

/** Whether a meta holds together, whoever it belongs to. */
export function isValidMeta(meta: Meta, context: Pick<IdentityContext, 'metas'>): Promise<boolean> {
  return context.metas.get(meta.version).verify(meta);
}

/**
 * Checks that a meta is valid and belongs to an ID: seed and name agree, and so does the address made for
 * the ID's own network number. Never true for a broadcast ID.
 */
export async function verifyMeta(
  meta: Meta,
  id: ID,
  context: Pick<IdentityContext, 'metas'>,
): Promise<Verified<Meta> | undefined> {
  if (isBroadcastAddress(id.address) || (meta.seed ?? '') !== id.name) return undefined;
  const type = context.metas.get(meta.version);
  // the address first: a digest is cheaper than a signature, and most mismatches end here
  if (type.address(meta, id.address.network).text !== id.address.text) return undefined;
  return (await type.verify(meta)) ? unsafeMarkVerified(meta) : undefined;
}

/** The ID that a meta gives on a network. */
export function createMetaID(meta: Meta, network: number, context: Pick<IdentityContext, 'metas'>): ID {
  return createID({ name: meta.seed, address: context.metas.get(meta.version).address(meta, network) });
}

/**
 * Whether a public key is the one of this meta, or the one that made its fingerprint. The second is how the
 * founder of a group is recognised: the group's meta was made with the founder's key.
 */
export async function matchMetaKey(
  meta: Meta,
  key: PublicKey,
  context: Pick<IdentityContext, 'metas'>,
): Promise<boolean> {
  if (!(await isValidMeta(meta, context))) return false;
  if (equalPublicKey(meta.key, key)) return true;
  const { seed, fingerprint } = meta;
  return seed !== undefined && fingerprint !== undefined && key.verify(encodeUtf8(seed), fingerprint);
}
