import type { Account } from '../accounts.js';
import type { World } from '../world.js';

/**
 * The same work by the bare primitives with cached keys: one AES, one signature, one wrapped key for each
 * receiver, JSON and base64. It checks nothing but the signature and knows nobody.
 *
 * Native results are no promises, so that a floor pays for none.
 */
export interface Floor {
  /** A package for Bob with a new message key. */
  pack(text: string): unknown;
  /** The same with a message key that was wrapped before. */
  packReused(text: string): unknown;
  /** The content object of a package for Bob, ours or its own. */
  unpack(data: Uint8Array): unknown;
  /** The same when the wrapped key was opened before by `unpack`. */
  unpackSeen(data: Uint8Array): unknown;
  /** A package for a group with a new message key, wrapped for each member. */
  groupPacker(group: string, members: readonly Account[]): (text: string) => unknown;
}

/** What every message of the floor says beside its secrets. */
export function floorHead(
  world: World,
  receiver: string,
): { sender: string; receiver: string; time: number } {
  return { sender: world.alice.id.text, receiver, time: 1_586_000_000 };
}
