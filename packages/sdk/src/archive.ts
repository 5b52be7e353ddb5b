import type { PrivateKey, Verified } from '@dimp/crypto';
import type { Address, Awaitable, ID, Meta, Profile } from '@dimp/mkm';
import type { Certificate } from './certificate.js';

/** A private key whose public half stands, or stood, in the user's profile. */
export interface ProfileKey {
  readonly key: PrivateKey;
  /** When it was replaced, in seconds; absent for the one in use. */
  readonly retired?: number;
}

/** The private keys of a local user. */
export interface UserKeys {
  /** The one that belongs to the meta: it signs, and it decrypts what was encrypted before a profile was known. */
  readonly metaKey: PrivateKey;
  /** Newest first. */
  readonly profileKeys: readonly ProfileKey[];
}

/**
 * A port: where everything is kept that outlives a run. IDs compare without terminals.
 *
 * It is trusted: what comes out of it was checked before it went in. Only `Facebook` should put metas and
 * profiles in.
 */
export interface Archive {
  loadMeta(id: ID): Awaitable<Verified<Meta> | undefined>;
  /** A meta never changes: when there is one already, nothing happens. */
  saveMeta(id: ID, meta: Verified<Meta>): Awaitable<void>;
  /** The IDs with this address of which a meta is here: they tell the names that go with it. */
  findIDs(address: Address): Awaitable<readonly ID[]>;

  loadProfile(id: ID): Awaitable<Verified<Profile> | undefined>;
  saveProfile(id: ID, profile: Verified<Profile>): Awaitable<void>;

  loadUserKeys(user: ID): Awaitable<UserKeys | undefined>;
  saveUserKeys(user: ID, keys: UserKeys): Awaitable<void>;

  /** The users who act here; the first is the current one. */
  loadLocalUsers(): Awaitable<readonly ID[]>;
  saveLocalUsers(users: readonly ID[]): Awaitable<void>;

  loadContacts(user: ID): Awaitable<readonly ID[]>;
  saveContacts(user: ID, contacts: readonly ID[]): Awaitable<void>;

  /** Undefined when no members are known. */
  loadMembers(group: ID): Awaitable<readonly ID[] | undefined>;
  /** Undefined forgets them. */
  saveMembers(group: ID, members: readonly ID[] | undefined): Awaitable<void>;

  loadAssistants(group: ID): Awaitable<readonly ID[]>;
  saveAssistants(group: ID, assistants: readonly ID[]): Awaitable<void>;

  /** What an issuer says of a station or a provider; whether it is still valid is looked at when it is used. */
  loadCertificate(subject: ID): Awaitable<Verified<Certificate> | undefined>;
  /** Undefined forgets it. */
  saveCertificate(subject: ID, certificate: Verified<Certificate> | undefined): Awaitable<void>;

  /** Short names that people gave to IDs. */
  loadNames(): Awaitable<ReadonlyMap<string, ID>>;
  /** Undefined removes the name. */
  saveName(name: string, id: ID | undefined): Awaitable<void>;

  /**
   * Calls the listener when somebody else who has the archive open, as another tab has, changed the profile of an ID;
   * until the function that comes back is called. Absent when nobody else can.
   */
  onChanged?(listener: (id: ID) => void): () => void;
}
