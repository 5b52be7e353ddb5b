import { parsePackage } from '@dimp/core';
import type { Facebook } from './default-facebook.js';
import type { Reception } from './reception.js';
import type { Transport } from './transport.js';

/** What a transport is followed with. */
export interface FollowTransportParts {
  readonly facebook: Facebook;
  readonly reception: Reception;
  /** Goes on with what could not be sent. */
  resume(): Promise<void>;
}

/** Takes what comes by a transport, and goes on when it is ready. Functions that stop it come back. */
export function followTransport(
  transport: Transport | undefined,
  { facebook, reception, resume }: FollowTransportParts,
): readonly (() => void)[] {
  if (transport === undefined) return [];
  const stop = transport.subscribe(data => {
    const arrived = reception.arrive(() => parsePackage(data, facebook.protocol), { depth: 0 });
    // `rejected` tells of it; a transport that does not look at it must not bring the program down
    arrived.catch(() => undefined);
    return arrived;
  });
  const stopReady = transport.onReady?.(() => void resume());
  return stopReady === undefined ? [stop] : [stop, stopReady];
}
