import {
  checkJson,
  formatJson,
  type JsonObject,
  JsonReader,
  type JsonValue,
  limits,
  type PublicKey,
  parseJsonObject,
  parsePublicKey,
  unsafeMarkVerified,
  type Verified,
} from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import type { IdentityContext } from './context.js';
import { type ID, parseID } from './id.js';
import type { Generation } from './network.js';

/**
 * The part of an identity that may change: names, a picture, the key for encryption. Later protocol texts
 * call it Document.
 *
 * The signature covers the bytes of `data` and nothing else, not even `id`.
 */
export interface Profile {
  /** Whose it says it is. Not under the signature: compare it with whose it should be. */
  readonly id: ID;
  /** The signed JSON text, exactly as received. Absent in an unsigned profile. */
  readonly data?: string;
  readonly signature?: Uint8Array;
  /** What `data` says. */
  readonly properties: JsonObject;
  /** Members of the object beside these. */
  readonly extra: JsonObject;
}

/**
 * Reads a profile. Nothing in it has been verified yet.
 *
 * Wire: `{ ID, data: "<JSON text>", signature: "<base64>" }`; also read: `did` for `ID` (generation 2). A
 * profile with neither `data` nor `signature` is an empty one.
 * @throws {ParseError} when a member is of another type, or `data` is not the JSON text of an object
 * @throws {LimitError} longer than `limits.profileLength`, or `data` larger or deeper than any JSON may be
 */
export function parseProfile(
  json: unknown,
  context: Pick<IdentityContext, 'addresses'>,
  path = 'Profile',
): Profile {
  const reader = new JsonReader(json, path);
  checkJson(json as JsonObject, path, limits.profileLength);
  const id = parseID(reader.value('ID') ?? reader.value('did'), context, reader.at('ID'));
  const data = reader.optionalText('data');
  const signature = reader.optionalBytes('signature');
  return {
    id,
    ...(data === undefined ? {} : { data }),
    ...(signature === undefined ? {} : { signature }),
    properties: data === undefined ? {} : parseJsonObject(data, reader.at('data')),
    extra: reader.extra(),
  };
}

/**
 * Reads back a profile that was checked before it was kept, and checks nothing, as `unsafeRestoreMeta`. For archives that
 * nobody else writes to.
 * @throws {ParseError}
 */
export function unsafeRestoreProfile(
  json: unknown,
  context: Pick<IdentityContext, 'addresses'>,
): Verified<Profile> {
  return unsafeMarkVerified(parseProfile(json, context));
}

/** The object of a profile. An unsigned one shows its ID only, since unsigned properties are worth nothing. */
export function formatProfile(
  profile: Profile,
  options: { readonly generation?: Generation | 'both' } = {},
): JsonObject {
  const { generation = 1 } = options;
  const { id, data, signature, extra } = profile;
  return {
    ...extra,
    ...(generation === 2 ? {} : { ID: id.text }),
    ...(generation === 1 ? {} : { did: id.text }),
    ...(data === undefined ? {} : { data }),
    ...(signature === undefined ? {} : { signature: encodeBase64(signature) }),
  };
}

/** A new profile, not signed yet. */
export function createProfile(id: ID, properties: JsonObject = {}): Profile {
  return { id, properties, extra: {} };
}

/** The profile with one property changed, or taken out by undefined. The result is not signed. */
export function withProperty(profile: Profile, name: string, value: JsonValue | undefined): Profile {
  const { [name]: _, ...others } = profile.properties;
  const properties: JsonObject =
    value === undefined ? others : Object.fromEntries([...Object.entries(others), [name, value]]);
  return { id: profile.id, properties, extra: profile.extra };
}

/** The text that a signature of these properties will cover. */
export function formatProperties(properties: JsonObject): string {
  return formatJson(properties, 'Profile.data');
}

/** Nickname or title: `name`, or the first of `names`; undefined when there is none. */
export function profileName(profile: Profile): string | undefined {
  return textOrFirst(profile.properties, 'name', 'names');
}

/** Address of a picture: `avatar`, or the first of `photos`; undefined when there is none. */
export function profileAvatar(profile: Profile): string | undefined {
  return textOrFirst(profile.properties, 'avatar', 'photos');
}

/**
 * Since when this is the profile, in seconds since 1970: of two that are signed the one with the greater time is the
 * newer. 0 when it does not say so, as those of generation 1 do not.
 */
export function profileTime({ properties: { time } }: Profile): number {
  return typeof time === 'number' ? time : 0;
}

/**
 * The key that messages to this user are encrypted with; undefined when the profile names none.
 * @throws {ParseError} when it names one that cannot be read
 */
export function profileKey(
  profile: Verified<Profile>,
  context: Pick<IdentityContext, 'asymmetric'>,
): PublicKey | undefined {
  const json = profile.properties['key'];
  if (json === undefined || json === null) return undefined;
  const known = parsedKeys.get(profile);
  if (known?.asymmetric === context.asymmetric) return known.key;
  const key = parsePublicKey(json, context, 'Profile.data.key');
  parsedKeys.set(profile, { key, asymmetric: context.asymmetric });
  return key;
}

/** Reading a key costs more than using it, and a profile is asked for its key with every message. */
const parsedKeys = /* @__PURE__ */ new WeakMap<
  Profile,
  { readonly key: PublicKey; readonly asymmetric: IdentityContext['asymmetric'] }
>();

function textOrFirst(properties: JsonObject, one: string, list: string): string | undefined {
  const value = properties[one];
  if (value !== undefined && value !== null) return typeof value === 'string' ? value : undefined;
  const all = properties[list];
  const first = Array.isArray(all) ? all[0] : undefined;
  return typeof first === 'string' ? first : undefined;
}
