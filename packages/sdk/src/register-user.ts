import { type GenerateKeyOptions, type JsonObject, type PrivateKey, UsageError } from '@dimp/crypto';
import { checkNumber } from '@dimp/crypto/check-arguments';
import {
  createProfile,
  type Group,
  generateMeta,
  type ID,
  NetworkType,
  type Profile,
  profileTime,
  signProfile,
  type User,
  withProperty,
} from '@dimp/mkm';
import { checkFacebook, checkID, checkIDs, checkProperties } from './check-arguments.js';
import type { Facebook } from './default-facebook.js';
import { uniqueIDs } from './processors/group-rules.js';

/** What a new user is made of. */
export interface RegisterUserOptions extends GenerateKeyOptions {
  /** The name in the ID: 2 to 31 of `a-z A-Z 0-9 _ - .` by advice. It cannot be changed. */
  readonly name: string;
  /** A person when absent. */
  readonly network?: number;
  /** Algorithm of the key that is the identity; RSA when absent. `bits` is for RSA keys, this one or the profile's. */
  readonly algorithm?: string;
  /** What the profile says. */
  readonly profile?: JsonObject;
  /**
   * Whether the profile names an RSA key of its own for encryption. A key that only signs, such as ECC, needs
   * one, so it is the default there; with RSA it is not.
   */
  readonly profileKey?: boolean;
  /** A key made elsewhere, in place of a new one. */
  readonly privateKey?: PrivateKey;
}

/**
 * Makes a key pair and with it a user, who acts here from now on. Making RSA keys takes from a fraction of a
 * second to several seconds.
 * @throws {TypeError} options of other kinds
 */
export async function registerUser(facebook: Facebook, options: RegisterUserOptions): Promise<User> {
  checkFacebook(facebook);
  requireName(options);
  if (options.profile !== undefined) checkProperties(options.profile, 'options.profile');
  const { protocol } = facebook;
  const { algorithm = 'RSA', bits: _, ...withoutBits } = options;
  const metaKeyOptions = keyOptions(algorithm === 'RSA' ? options : withoutBits);
  const metaKey =
    options.privateKey ?? (await protocol.asymmetric.get(algorithm).generatePrivateKey(metaKeyOptions));
  const meta = await generateMeta(metaKey, options.name, protocol);
  const id = facebook.idOf(meta, options.network ?? NetworkType.main);
  const user = await facebook.addLocalUser(id, meta, { metaKey, profileKeys: [] });
  const withKey = options.profileKey ?? metaKey.publicKey.encryption === undefined;
  if (withKey)
    await rotateProfileKey(facebook, id, { properties: options.profile ?? {}, ...keyOptions(options) });
  else if (options.profile !== undefined) await updateProfile(facebook, id, options.profile);
  return user;
}

/** @throws {TypeError} the likeliest mistake: a text in place of the options, or options without name */
function requireName(options: { readonly name: string }): void {
  const name: unknown = (options as { readonly name?: unknown } | undefined)?.name;
  if (typeof name !== 'string') throw new TypeError(`options.name: expected text, got ${typeof name}`);
}

/**
 * Sets properties of a local user's profile, signs and keeps it. It reaches others when it is sent to them. Its `time`,
 * in seconds, is set as well when it is not given: anybody can bring an old profile again, and by that it is known for what it is.
 * @param properties null takes one out
 * @throws {UsageError} the user is no local one, or `time` is before that of the profile he has
 * @throws {TypeError} something else than an ID and values of JSON
 */
export async function updateProfile(facebook: Facebook, user: ID, properties: JsonObject): Promise<void> {
  checkFacebook(facebook);
  checkID(user, 'user');
  checkProperties(properties, 'properties');
  const keys = await facebook.loadUserKeys(user);
  if (keys === undefined) throw new UsageError(`${user.text} is no local user.`);
  let profile: Profile = (await facebook.loadProfile(user)) ?? createProfile(user);
  for (const [name, value] of Object.entries(properties)) {
    profile = withProperty(profile, name, value === null ? undefined : value);
  }
  const { time: before } = (await facebook.loadProfile(user))?.properties ?? {};
  // two in one second must be told apart, too
  const now = Math.max(facebook.clock(), typeof before === 'number' ? before + 1 : 0);
  const time = properties['time'] ?? now;
  const signed = await signProfile(createProfile(user, { ...profile.properties, time }), keys.metaKey);
  if (!(await facebook.saveProfile(signed, user))) {
    throw new UsageError(
      `A profile of the time ${profileTime(signed)} is older than the one of ${user.text}; leave out \`time\`.`,
    );
  }
}

/**
 * Gives a local user a new key for encryption and a signed profile that names it. Old private keys are kept
 * for as long as the Facebook was told, so that messages under way can be read.
 */
export async function rotateProfileKey(
  facebook: Facebook,
  user: ID,
  options: GenerateKeyOptions & { readonly properties?: JsonObject } = {},
): Promise<void> {
  checkFacebook(facebook);
  checkID(user, 'user');
  if (options.properties !== undefined) checkProperties(options.properties, 'options.properties');
  const key = await facebook.protocol.asymmetric.get('RSA').generatePrivateKey(keyOptions(options));
  // the private key first: nobody may encrypt with a key that was lost
  await facebook.addProfileKey(user, key);
  await updateProfile(facebook, user, { ...options.properties, key: key.publicKey.json });
}

/** What a new group is made of. */
export interface RegisterGroupOptions {
  /** A local user; the current one when absent. */
  readonly founder?: ID;
  /** The name in the ID. */
  readonly name: string;
  /** The members beside the founder. */
  readonly members?: readonly ID[];
  /** What the profile says. */
  readonly profile?: JsonObject;
}

/**
 * Makes a group: its meta is made with the founder's key, by which he is recognised as its owner.
 * @throws {UsageError} the founder is no local user, or has a group of this name: the same key and name give the same ID
 */
export async function registerGroup(facebook: Facebook, options: RegisterGroupOptions): Promise<Group> {
  checkFacebook(facebook);
  requireName(options);
  if (options.founder !== undefined) checkID(options.founder, 'options.founder');
  if (options.members !== undefined) checkIDs(options.members, 'options.members');
  if (options.profile !== undefined) checkProperties(options.profile, 'options.profile');
  const founder = options.founder ?? (await facebook.currentUser()).id;
  const keys = await facebook.loadUserKeys(founder);
  if (keys === undefined) throw new UsageError(`${founder.text} is no local user.`);
  const meta = await generateMeta(keys.metaKey, options.name, facebook.protocol);
  const id = facebook.idOf(meta, NetworkType.group);
  if ((await facebook.loadMeta(id)) !== undefined) {
    throw new UsageError(`The founder has a group named ${options.name} already; take another name.`);
  }
  await facebook.saveMeta(meta, id);
  await facebook.saveMembers(id, uniqueIDs([founder, ...(options.members ?? [])]));
  if (options.profile !== undefined) {
    await facebook.saveProfile(await signProfile(createProfile(id, options.profile), keys.metaKey), id);
  }
  return (await facebook.group(id)) as Group;
}

function keyOptions({ bits, onProgress, signal }: GenerateKeyOptions): GenerateKeyOptions {
  if (bits !== undefined) checkNumber(bits, 'options.bits');
  return {
    ...(bits !== undefined && { bits }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  };
}
