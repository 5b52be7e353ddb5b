import { UnsupportedError } from '@dimp/crypto';
import { isBroadcastID } from './broadcast.js';
import type { IdentityContext } from './context.js';
import type { GroupDataSource, UserDataSource } from './data-source.js';
import { Group, Polylogue, ServiceProvider } from './group.js';
import type { ID } from './id.js';
import { entityKind, type Generation, isGroupNetwork, isUserNetwork } from './network.js';
import { Robot, Station, User } from './user.js';

/** Whether an ID names something that acts by itself. */
export function isUserID(id: ID, generation: Generation = 1): boolean {
  return isUserNetwork(id.address.network, isBroadcastID(id) ? 1 : generation);
}

/** Whether an ID names something with members. */
export function isGroupID(id: ID, generation: Generation = 1): boolean {
  return isGroupNetwork(id.address.network, isBroadcastID(id) ? 1 : generation);
}

/**
 * Makes the user of an ID: a person, a robot or a station. Broadcast IDs make a plain user.
 * @throws {UnsupportedError} when an ID names no user
 */
export function createUser(
  id: ID,
  source: UserDataSource,
  context: IdentityContext,
  generation: Generation = 1,
): User {
  if (isBroadcastID(id) && isUserID(id)) return new User(id, source, context);
  const kind = isBroadcastID(id) ? 'unsupported' : entityKind(id.address.network, generation);
  if (kind === 'user') return new User(id, source, context);
  if (kind === 'robot') return new Robot(id, source, context);
  if (kind === 'station') return new Station(id, source, context);
  throw new UnsupportedError(
    'kind of user',
    id.address.network,
    `${id.text} names no person, robot or station.`,
  );
}

/**
 * Makes the group of an ID. Broadcast IDs make a plain group.
 * @throws {UnsupportedError} when an ID names no group, or a chatroom, which is reserved
 */
export function createGroup(
  id: ID,
  source: GroupDataSource,
  context: IdentityContext,
  generation: Generation = 1,
): Group {
  if (isBroadcastID(id) && isGroupID(id)) return new Group(id, source, context);
  const kind = isBroadcastID(id) ? 'unsupported' : entityKind(id.address.network, generation);
  if (kind === 'polylogue') return new Polylogue(id, source, context);
  if (kind === 'provider') return new ServiceProvider(id, source, context);
  throw new UnsupportedError(
    'kind of group',
    id.address.network,
    kind === 'chatroom'
      ? 'chatrooms are reserved by the protocol and not implemented by anybody; make a Polylogue (16).'
      : `${id.text} names no group.`,
  );
}
