import type { JsonObject, JsonValue } from '@dimp/crypto';
import { type IdentityContext, parseID } from '@dimp/mkm';
import type { MessagePlace } from '@dimp/sdk';

type IDContext = Pick<IdentityContext, 'addresses'>;

/** `{ user, peer, number }` */
export function formatPlace({ user, peer, number }: MessagePlace): JsonObject {
  return { user: user.text, peer: peer.text, number };
}

/** Undefined for undefined. */
export function parsePlace(json: JsonValue | undefined, context: IDContext): MessagePlace | undefined {
  if (json === undefined) return undefined;
  const { user, peer, number } = json as JsonObject;
  return { user: parseID(user, context), peer: parseID(peer, context), number: number as number };
}
