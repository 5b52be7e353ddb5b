import type { Outbox, WaitingList } from '@dimp/sdk';
import { outboxConformance, waitingListConformance } from '@dimp/sdk/conformance';
import { describe, it } from '@jest/globals';
import { places, portsIn } from './kit.js';

for (const place of places) {
  describe(place.name, () => {
    outboxConformance(
      { describe, it },
      portsIn(place, (store): Outbox => store.outbox),
    );
    waitingListConformance(
      { describe, it },
      portsIn(place, (store): WaitingList => store.waitingList),
    );
  });
}
