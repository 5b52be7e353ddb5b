import { Barrack, type BarrackSource, type Protocol } from '@dimp/core';
import type { PrivateKey, PublicKey, Verified } from '@dimp/crypto';
import { equalPublicKey } from '@dimp/crypto/match';
import {
  type Address,
  type Awaitable,
  createID,
  createMetaID,
  type Group,
  groupProfileKeys,
  type ID,
  isBroadcastID,
  isGroupID,
  type Meta,
  type Profile,
  parseID,
  profileTime,
  type User,
  verifyMeta,
  verifyProfile,
} from '@dimp/mkm';
import type { Archive, UserKeys } from './archive.js';
import { checkFacebookOptions, checkGiven, checkID, checkMeta, checkProfile } from './check-arguments.js';
import { Emitter } from './emitter.js';
import { Hearsay, mayHaveTwin } from './hearsay.js';
import { MemoryArchive } from './memory-archive.js';

/** How a Facebook is made. */
export interface FacebookOptions {
  /** `defaultProtocol()` when absent. */
  readonly protocol?: Protocol;
  /** Where everything is kept; in memory when absent. */
  readonly archive?: Archive;
  /** Seconds since 1970. */
  readonly clock?: () => number;
  /** Seconds for which a private key still decrypts after its profile key was replaced; a year when absent. */
  readonly keepRetiredKeys?: number;
}

/** How one is made that brings no protocol along. */
export interface BareFacebookOptions extends FacebookOptions {
  readonly protocol: Protocol;
}

/** What changed in what is known of others. */
export interface FacebookEvents {
  /** A meta that was not here came, or one that was only heard of was proved. */
  readonly meta: { readonly id: ID };
  readonly profile: { readonly id: ID; readonly profile: Verified<Profile> };
  readonly members: {
    readonly group: ID;
    readonly members: readonly ID[];
    readonly added: readonly ID[];
    readonly removed: readonly ID[];
  };
}

const year = 365 * 86_400;

const facebookEvents: Readonly<Record<keyof FacebookEvents, true>> = {
  meta: true,
  profile: true,
  members: true,
};

/**
 * What is known of others: metas and profiles, which are checked here before they are kept. Its methods throw `TypeError`
 * for something else than the IDs, metas and profiles that they take.
 */
export class Directory {
  readonly protocol: Protocol;
  readonly archive: Archive;
  readonly barrack: Barrack;
  readonly clock: () => number;
  /** What it was made with. @internal */
  readonly options: BareFacebookOptions;
  /** Metas that were brought and not proved, see `hearMeta`. @internal */
  readonly hearsay: Hearsay;
  readonly #keepRetiredKeys: number;
  readonly #events = new Emitter<FacebookEvents>(facebookEvents);

  /** @throws {TypeError} something else than options with a protocol */
  constructor(options: BareFacebookOptions);
  /** @param hearsay that of another one with the same people, to share it @internal */
  constructor(options: BareFacebookOptions, hearsay?: Hearsay);
  constructor(options: BareFacebookOptions, hearsay?: Hearsay) {
    checkFacebookOptions(options);
    checkGiven(
      options.protocol,
      'options.protocol',
      'Facebook of @dimp/sdk has a default, this one has none',
    );
    this.options = options;
    this.protocol = options.protocol;
    this.archive = options.archive ?? new MemoryArchive();
    this.clock = options.clock ?? (() => Math.floor(Date.now() / 1000));
    this.#keepRetiredKeys = options.keepRetiredKeys ?? year;
    this.hearsay = hearsay ?? new Hearsay(id => this.barrack.forget(id));
    this.barrack = new Barrack({ protocol: this.protocol, source: this.#source() });
    this.archive.onChanged?.(id => this.barrack.forget(id));
  }

  /**
   * Calls the listener whenever this happens, until the function that comes back is called.
   * @throws {TypeError} a name of nothing that happens
   */
  on<Name extends keyof FacebookEvents>(
    name: Name,
    listener: (event: FacebookEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /** Tells listeners of what changed beside this object, as with a unit of a store. @internal */
  tell<Name extends keyof FacebookEvents>(name: Name, event: FacebookEvents[Name]): void {
    this.#events.emit(name, event);
  }

  /** Reads an ID, in the forms of address that the protocol knows. @throws {ParseError} */
  parseID(text: string): ID {
    return parseID(text, this.protocol);
  }

  /** Undefined when the meta is not here. @throws {UnsupportedError} when the ID names no user */
  async user(id: ID): Promise<User | undefined> {
    checkID(id, 'id');
    return this.barrack.user(id);
  }

  /** Undefined when the meta is not here. @throws {UnsupportedError} when the ID names no group */
  async group(id: ID): Promise<Group | undefined> {
    checkID(id, 'id');
    return this.barrack.group(id);
  }

  /** The ID of an address alone, with the name that its meta on file gives; undefined without meta. */
  async completeID(address: Address): Promise<ID | undefined> {
    const [id] = await this.archive.findIDs(address);
    return id && createID({ name: id.name === '' ? undefined : id.name, address });
  }

  async loadMeta(id: ID): Promise<Verified<Meta> | undefined> {
    checkID(id, 'id');
    return this.barrack.loadMeta(id);
  }

  /**
   * Keeps a meta for good if it is valid and belongs to the ID, and no other is kept; tells whether it is the one. For
   * those that the application trusts; what others bring goes to `hearMeta`.
   */
  async saveMeta(meta: Meta, id: ID): Promise<boolean> {
    checkMeta(meta);
    checkID(id, 'id');
    const verified = await verifyMeta(meta, id, this.protocol);
    if (verified === undefined) return false;
    const kept = await this.#keptMeta(id);
    if (kept !== undefined) return equalPublicKey(kept.key, verified.key);
    await this.barrack.saveMeta(id, verified);
    return true;
  }

  /**
   * As `saveMeta`, for a meta that anybody may have brought. One that may have a twin with another key is in memory only
   * until its key has signed a message or a profile of the ID, and gives way to the twin if that one's has.
   */
  async hearMeta(meta: Meta, id: ID): Promise<boolean> {
    if (!mayHaveTwin(meta, id)) return this.saveMeta(meta, id);
    const verified = await verifyMeta(meta, id, this.protocol);
    if (verified === undefined) return false;
    const kept = await this.#keptMeta(id);
    if (kept !== undefined) return equalPublicKey(kept.key, verified.key);
    const isNew = !this.hearsay.has(id);
    this.hearsay.add(id, verified);
    if (isNew) this.#events.emit('meta', { id });
    return true;
  }

  /** Keeps that meta for good, of those that were heard for an ID, whose key has signed something of his. @internal */
  async proveMeta(id: ID, hasSigned: (key: PublicKey) => Promise<boolean>): Promise<void> {
    for (const meta of this.hearsay.list(id)) {
      if (await hasSigned(meta.key)) return this.barrack.saveMeta(id, meta);
    }
  }

  async loadProfile(id: ID): Promise<Verified<Profile> | undefined> {
    checkID(id, 'id');
    return this.barrack.loadProfile(id);
  }

  /**
   * The profile as a checked one, if it is the one of this ID and was signed by who may: the user, or for a
   * group any known member, else its owner or founder. Undefined also when a meta that this takes is not here.
   */
  async verifyProfile(profile: Profile, id: ID): Promise<Verified<Profile> | undefined> {
    checkProfile(profile);
    checkID(id, 'id');
    if (isBroadcastID(id)) return undefined;
    if (isGroupID(id)) {
      const group = await this.group(id);
      return group && verifyProfile(profile, id, await groupProfileKeys(group, this.barrack));
    }
    const meta = await this.barrack.loadMeta(id);
    if (meta === undefined) return undefined;
    return verifyProfile(profile, id, [meta.key, ...this.hearsay.list(id).map(({ key }) => key)]);
  }

  /**
   * Keeps a profile if it passes `verifyProfile` and does not say that it is older than the one kept: anybody can bring an
   * old one again, with a key in it that its owner has given up. Tells whether it is the one kept now.
   */
  async saveProfile(profile: Profile, id?: ID): Promise<boolean> {
    checkProfile(profile);
    return this.#saveProfile(profile, id ?? profile.id);
  }

  async #saveProfile(profile: Profile, id: ID): Promise<boolean> {
    const verified = await this.verifyProfile(profile, id);
    if (verified === undefined) return false;
    // the fingerprint of a meta whose name reads like a profile proves nothing: it fits the meta's twin as well
    if (profile.data !== id.name) {
      await this.proveMeta(id, async key => (await verifyProfile(profile, id, [key])) !== undefined);
    }
    const held = await this.barrack.loadProfile(id);
    if (held?.data === verified.data) return true;
    const time = profileTime(verified);
    if (held !== undefined && time !== 0 && time < profileTime(held)) return false;
    await this.barrack.saveProfile(id, verified);
    this.#events.emit('profile', { id, profile: verified });
    return true;
  }

  /** The private keys of a local user, without those whose time has run out. */
  async loadUserKeys(user: ID): Promise<UserKeys | undefined> {
    checkID(user, 'user');
    const keys = await this.archive.loadUserKeys(user);
    if (keys === undefined) return undefined;
    const oldest = this.clock() - this.#keepRetiredKeys;
    return { ...keys, profileKeys: keys.profileKeys.filter(({ retired }) => (retired ?? oldest) >= oldest) };
  }

  /** The ID that a meta gives on a network. */
  idOf(meta: Meta, network: number): ID {
    return createMetaID(meta, network, this.protocol);
  }

  #source(): BarrackSource {
    const { archive } = this;
    return {
      loadMeta: async id => (await archive.loadMeta(id)) ?? this.hearsay.list(id)[0],
      saveMeta: async (id, meta) => {
        const isNew = (await this.#keptMeta(id)) === undefined;
        await archive.saveMeta(id, meta);
        this.hearsay.delete(id);
        if (isNew) this.#events.emit('meta', { id });
      },
      loadProfile: id => archive.loadProfile(id),
      saveProfile: (id, profile) => archive.saveProfile(id, profile),
      loadSignKey: async user => (await archive.loadUserKeys(user))?.metaKey,
      loadDecryptKeys: user => this.#decryptKeys(user),
      loadMembers: group => archive.loadMembers(group),
      loadAssistants: (group): Awaitable<readonly ID[]> => archive.loadAssistants(group),
    };
  }

  /** The meta of an ID that is kept for good. */
  async #keptMeta(id: ID): Promise<Verified<Meta> | undefined> {
    return this.hearsay.has(id) ? undefined : this.archive.loadMeta(id);
  }

  async #decryptKeys(user: ID): Promise<readonly PrivateKey[]> {
    const keys = await this.loadUserKeys(user);
    return keys === undefined ? [] : [...keys.profileKeys.map(({ key }) => key), keys.metaKey];
  }
}
