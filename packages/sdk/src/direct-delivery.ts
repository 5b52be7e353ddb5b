import type { DimpError } from '@dimp/crypto';
import type { ReliableMessage } from '@dimp/dkd';
import type { MessagePlace } from './conversations.js';
import type { DeliveriesParts, Delivery } from './deliveries.js';
import { asDimpError } from './errors.js';
import { failureOf, noteChange } from './kept-messages.js';

/** Hands the packages of one message to the transport without an outbox, and notes what became of it. */
export async function deliverDirectly(
  messages: readonly ReliableMessage[],
  place: MessagePlace | undefined,
  parts: DeliveriesParts,
  signal: AbortSignal | undefined,
): Promise<Delivery> {
  let failure: DimpError | undefined;
  try {
    for (const message of messages) {
      signal?.throwIfAborted();
      await parts.outgoing.deliver(message, signal);
    }
  } catch (error) {
    failure = asDimpError(error);
  }
  const unsaved = await noteOutcome(place, failure, parts);
  const error = failure ?? unsaved;
  return error === undefined ? { kind: 'sent' } : { kind: 'failed', error };
}

async function noteOutcome(
  place: MessagePlace | undefined,
  failure: DimpError | undefined,
  { works, events }: DeliveriesParts,
): Promise<DimpError | undefined> {
  if (place === undefined) return undefined;
  const change =
    failure === undefined
      ? ({ state: 'sent' } as const)
      : ({ state: 'failed', failure: failureOf(failure) } as const);
  try {
    const work = await works.begin();
    await noteChange(place, change, work, events);
    const { saved } = await work.end();
    await saved;
    return undefined;
  } catch (error) {
    return asDimpError(error);
  }
}
