import type { KeyStore, Transceiver } from '@dimp/core';
import type { Facebook } from './default-facebook.js';
import { DirectWorks } from './direct-works.js';
import type { MessengerOptions } from './messenger-options.js';
import { MemoryReplayMemory } from './replay-memory.js';
import { StoreWorks } from './store-works.js';
import type { WorkPorts, Works } from './work.js';

/** What works are made of. */
export interface WorksParts {
  readonly options: MessengerOptions;
  readonly facebook: Facebook;
  readonly transceiver: Transceiver;
  readonly keyStore: KeyStore;
  readonly clock: () => number;
}

/** Works over the ports that were given, else over those of the store, else none; replays are always remembered. */
export function createWorks({ options, facebook, transceiver, keyStore, clock }: WorksParts): Works {
  const { store } = options;
  const replay = options.replay ?? store?.replay ?? new MemoryReplayMemory({ clock });
  const ports: WorkPorts = {
    keyStore,
    replay: replay === false ? undefined : replay,
    conversations: options.conversations ?? store?.conversations,
    outbox: options.outbox ?? store?.outbox,
    waitingList: options.waitingList ?? store?.waitingList,
  };
  return store === undefined
    ? new DirectWorks(facebook, transceiver, ports)
    : new StoreWorks({ store, facebook, transceiver, ports });
}
