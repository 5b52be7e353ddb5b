import type { JsonObject } from '@dimp/crypto';
import { type ID, isBroadcastID, isGroupID, isUserID } from '@dimp/mkm';

/** The parts of an ID as both doors show them. One that was read is valid. */
export function describeID(id: ID): JsonObject {
  const { text, name, address, terminal } = id;
  return {
    string: text,
    name,
    address: address.text,
    terminal,
    type: address.network,
    number: address.number,
    valid: true,
    is_broadcast: isBroadcastID(id),
    is_user: isUserID(id),
    is_group: isGroupID(id),
  };
}
