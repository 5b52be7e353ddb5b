import type { PrivateKey, Verified } from '@dimp/crypto';
import type { Awaitable } from './awaitable.js';
import type { ID } from './id.js';
import type { Meta } from './meta.js';
import type { Profile } from './profile.js';

/** Where entities get what they need. Only checked metas and profiles come out of it. */
export interface EntityDataSource {
  loadMeta(id: ID): Awaitable<Verified<Meta> | undefined>;
  loadProfile(id: ID): Awaitable<Verified<Profile> | undefined>;
}

/** What local users need beside it. For others' IDs the answers are empty. */
export interface UserDataSource extends EntityDataSource {
  /** The private key that belongs to the user's meta. */
  loadSignKey(user: ID): Awaitable<PrivateKey | undefined>;
  /** All private keys that can decrypt for the user: those of profile keys, newest first, last the meta's. */
  loadDecryptKeys(user: ID): Awaitable<readonly PrivateKey[]>;
}

/** What groups need beside it. */
export interface GroupDataSource extends EntityDataSource {
  /** The known members; undefined when none are known. */
  loadMembers(group: ID): Awaitable<readonly ID[] | undefined>;
  /** Robots that may manage the list and distribute messages. */
  loadAssistants(group: ID): Awaitable<readonly ID[]>;
}
