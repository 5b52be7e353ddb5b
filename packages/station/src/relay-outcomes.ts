import type { Refusal, RefusalReason } from './refusal.js';
import type { Relayed } from './relay.js';

/**
 * Seconds after which another try may help. When a receiver makes room nobody knows, and a sender who waited for that
 * would keep from others what he has for them.
 */
const retrySeconds = { storage: 10, stopping: 10 } as const;

/** What becomes of a message that is not taken. */
export function refused(reason: RefusalReason): Relayed {
  const retryAfter = (retrySeconds as { readonly [reason in RefusalReason]?: number })[reason];
  const refusal: Refusal = { reason, ...(retryAfter !== undefined && { retryAfter }) };
  return { kind: 'refused', refusal };
}

/**
 * What the sender of a group message is told. When the disk failed he is to send it again, and what was kept is dropped
 * as a repeat then.
 */
export function inOne(outcomes: readonly Relayed[]): Relayed {
  const refusals = outcomes.flatMap(outcome => (outcome.kind === 'refused' ? [outcome] : []));
  const failed = refusals.find(({ refusal }) => refusal.reason === 'storage');
  if (failed !== undefined) return failed;
  const stored = outcomes.flatMap(outcome => (outcome.kind === 'stored' ? [outcome] : []));
  if (stored.length > 0) return { kind: 'stored', isOnline: stored.some(({ isOnline }) => isOnline) };
  if (outcomes.some(({ kind }) => kind === 'repeated')) return { kind: 'repeated' };
  return refusals.find(({ refusal }) => refusal.reason !== 'blocked') ?? refused('blocked');
}
