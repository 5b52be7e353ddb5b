import type { JsonObject } from '@dimp/crypto';

/**
 * The members of an object, and after them those it came with and does not know.
 *
 * A null that came for a member counts as absent and is sent on; but it must not stand in the way of a value
 * that was put there since, such as the key of a message that was trimmed.
 */
export function withExtra(members: JsonObject, extra: JsonObject): JsonObject {
  for (const _ in extra) return { ...members, ...extra, ...members };
  return members;
}
