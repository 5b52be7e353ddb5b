import { equalID, type ID, isBroadcastID, isGroupID } from '@dimp/mkm';

/**
 * Whom a receiver means to a station:
 *
 * - `station`: itself, by its ID or as `station@anywhere` or `anyone@anywhere`; `archivist@anywhere` too, whom clients of
 *   generation 2 ask for what it answers itself: `search`, `users`, contacts
 * - `everybody`: `everyone@everywhere` or `stations@everywhere`: all stations, this one too
 * - `nobody`: another broadcast name; nobody goes by it here
 * - `group`, `user`
 *
 * @see transport.md, sections 9 and 10
 */
export type ReceiverKind = 'station' | 'everybody' | 'nobody' | 'group' | 'user';

/** @see ReceiverKind */
export function receiverKind(receiver: ID, station: ID): ReceiverKind {
  if (equalID(receiver, station)) return 'station';
  if (isBroadcastID(receiver)) return broadcastKinds.get(receiver.key.toLowerCase()) ?? 'nobody';
  // generation 2 knows the numbers of both
  return isGroupID(receiver, 2) ? 'group' : 'user';
}

const broadcastKinds: ReadonlyMap<string, ReceiverKind> = new Map([
  ['station@anywhere', 'station'],
  ['anyone@anywhere', 'station'],
  ['archivist@anywhere', 'station'],
  ['everyone@everywhere', 'everybody'],
  ['stations@everywhere', 'everybody'],
]);
