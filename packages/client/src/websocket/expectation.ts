import { type ID, isBroadcastID, isUserID } from '@dimp/mkm';

/**
 * How it will be known that the station has a package: `ack`, its acknowledgement must come; `receipt`, one may come;
 * `nothing` will come.
 */
export type Expectation = 'ack' | 'receipt' | 'nothing';

/** What a station is called by those who do not know it. */
const ownNames: ReadonlySet<string> = new Set(['station@anywhere', 'anyone@anywhere']);

/**
 * What a station says of a package for this receiver. What is for itself it answers with what it has to say; the rest it
 * acknowledges where it granted that. Existing stations tell the sender what became of a message to a person; of others
 * they often say nothing.
 * @param receiver undefined when it is no ID
 */
export function expectationOf(
  receiver: ID | undefined,
  station: { readonly id: ID | undefined; readonly isAcknowledged: boolean },
): Expectation {
  if (receiver === undefined) return 'nothing';
  if (receiver.key === station.id?.key || ownNames.has(receiver.key.toLowerCase())) return 'nothing';
  if (station.isAcknowledged) return 'ack';
  return isUserID(receiver) && !isBroadcastID(receiver) ? 'receipt' : 'nothing';
}
