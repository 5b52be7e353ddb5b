import type { JsonObject } from '@dimp/crypto';
import { type ReceiptCommand, receiptOrigin, TransportError } from '@dimp/sdk';
import type { PackageMark } from './frames.js';

/**
 * Refusals that say nothing about the message, but about now. A receiver who has no room is none of them: he must not
 * hold up what goes to others.
 */
const temporaryCodes: ReadonlySet<string> = new Set([
  'ERR_STATION_NOT_LOGGED_IN',
  'ERR_STATION_UNKNOWN_SENDER',
  'ERR_STATION_STORAGE',
  'ERR_STATION_STOPPING',
]);

/** Longer waiting than a day is no advice. */
const maxRetrySeconds = 86_400;

/** What a station's receipt refuses, as an error; undefined when it refuses nothing. */
export function refusalOf({ message, extra }: ReceiptCommand): TransportError | undefined {
  const { code: given, retry_after: seconds } = extra;
  if (given === undefined || given === null) return undefined;
  const code = typeof given === 'string' && /^ERR_[A-Z0-9_]{1,60}$/.test(given) ? given : 'ERR_TRANSPORT';
  const retryAfter =
    typeof seconds === 'number' && seconds >= 0 ? Math.min(seconds, maxRetrySeconds) : undefined;
  const isAboutReceiver = code === 'ERR_STATION_RECEIVER_FULL';
  return new TransportError(message === '' ? 'The station refused the message.' : message, {
    code,
    isFinal: isAboutReceiver || (retryAfter === undefined && !temporaryCodes.has(code)),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/**
 * Whether a receipt is for this package. It names its signature, in one of the layouts of both generations: at the top,
 * in `origin` or in `envelope`; one without a signature names sender, receiver and time.
 */
export function isReceiptFor(receipt: ReceiptCommand, mark: PackageMark): boolean {
  const { extra, envelope } = receipt;
  const nested = [extra, extra['origin'], envelope].map(part => (Object(part) as JsonObject)['signature']);
  const signatures = nested.filter(signature => typeof signature === 'string');
  if (signatures.length > 0) return signatures.includes(mark.signature);
  const origin = receiptOrigin(receipt);
  return (
    origin !== undefined &&
    origin.sender === mark.sender &&
    origin.receiver === mark.receiver &&
    origin.time === mark.time
  );
}
