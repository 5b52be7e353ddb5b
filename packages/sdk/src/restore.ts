import type { Dispatch } from './dispatch.js';
import type { Outgoing } from './outgoing.js';
import type { Reception } from './reception.js';
import type { Suspensions } from './suspensions.js';
import type { Works } from './work.js';

/** What restoring works with. */
export interface RestoreParts {
  readonly works: Works;
  readonly suspensions: Suspensions;
  readonly outgoing: Outgoing;
  readonly dispatch: Dispatch;
  readonly reception: Reception;
}

/** Puts what is in outbox and waiting list where it belongs, before anything else is received or sent. */
export async function restore(parts: RestoreParts): Promise<void> {
  const { works, suspensions, outgoing, dispatch, reception } = parts;
  const { outbox, waitingList } = works.ports;
  if (outbox === undefined && waitingList === undefined) return;
  await suspensions.attempt(() =>
    reception.first(async () => {
      dispatch.deliveries.restore((await outbox?.list()) ?? []);
      for (const waiting of (await waitingList?.list()) ?? []) reception.restore(waiting);
    }),
  );
  if (outgoing.hasTransport) void dispatch.deliveries.drain();
}

/** As `restore`, in between: tries again what could not go on. Resolves when it was tried. */
export async function resume(parts: RestoreParts): Promise<void> {
  const { deliveries } = parts.dispatch;
  const { isBusy } = deliveries;
  await restore(parts);
  if (!parts.outgoing.hasTransport) return;
  await deliveries.drain();
  // what stood in the way of those that were being tried may be gone
  if (isBusy) await deliveries.drain();
}
