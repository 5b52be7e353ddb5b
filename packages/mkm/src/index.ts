/**
 * Who: addresses, IDs, metas, profiles, and the users and groups that act through them.
 * @packageDocumentation
 */
export {
  type Address,
  type AddressFormat,
  formatSearchNumber,
  isBroadcastAddress,
  parseAddress,
} from './address.js';
export { type Awaitable, isPending, whenReady } from './awaitable.js';
export {
  anyone,
  anywhere,
  broadcastAddress,
  broadcastGroup,
  everyone,
  everywhere,
  founder,
  isBroadcastID,
} from './broadcast.js';
export { btcAddress, createBtcAddress } from './btc-address.js';
export type { IdentityContext } from './context.js';
export { createGroup, createUser, isGroupID, isUserID } from './create-entity.js';
export type { EntityDataSource, GroupDataSource, UserDataSource } from './data-source.js';
export { Entity } from './entity.js';
export { generateMeta } from './generate-meta.js';
export { findFounder, Group, Polylogue, ServiceProvider } from './group.js';
export { groupProfileKeys } from './group-profile-keys.js';
export { createID, equalID, type ID, parseID, withoutTerminal } from './id.js';
export { IDCache } from './id-cache.js';
export {
  createMetaID,
  formatMeta,
  isValidMeta,
  type Meta,
  type MetaParts,
  type MetaType,
  matchMetaKey,
  parseMeta,
  unsafeRestoreMeta,
  verifyMeta,
} from './meta.js';
export { mkmMeta } from './mkm-meta.js';
export {
  type EntityKind,
  entityKind,
  type Generation,
  isGroupNetwork,
  isUserNetwork,
  NetworkType,
} from './network.js';
export {
  createProfile,
  formatProfile,
  formatProperties,
  type Profile,
  parseProfile,
  profileAvatar,
  profileKey,
  profileName,
  profileTime,
  unsafeRestoreProfile,
  withProperty,
} from './profile.js';
export { signProfile } from './sign-profile.js';
export { Robot, Station, User } from './user.js';
export { decryptUsable, type EncryptionKey, selectEncryptionKey, selectVerifyKeys } from './user-keys.js';
export { verifyProfile } from './verify-profile.js';
