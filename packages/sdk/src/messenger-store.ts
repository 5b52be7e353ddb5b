import type { KeyStore } from '@dimp/core';
import type { Archive } from './archive.js';
import type { Conversations } from './conversations.js';
import type { Outbox } from './outbox.js';
import type { ReplayMemory } from './replay-memory.js';
import type { WaitingList } from './waiting-list.js';

/** The ports of one store. What is absent is not kept by it. */
export interface StorePorts {
  readonly archive: Archive;
  readonly keyStore: KeyStore;
  readonly replay?: ReplayMemory;
  readonly conversations?: Conversations;
  readonly outbox?: Outbox;
  readonly waitingList?: WaitingList;
}

/**
 * Changes that are saved together or not at all. They are made through the ports of the unit and show to nobody else
 * before `merge`.
 */
export interface StoreUnit extends StorePorts {
  /**
   * Ends the unit: from now on its changes show in the ports of the store. `durable` resolves when they are on disk
   * and rejects when they are not; then they show no more.
   *
   * Units that are merged later become durable later, or together. When one fails, so do those merged behind it.
   */
  merge(): Promise<{ readonly durable: Promise<void> }>;
}

/** A port: a store that a messenger works in by units, one for each message. */
export interface MessengerStore extends StorePorts {
  /** Units may be open side by side. One that is not merged leaves no trace. */
  begin(): Promise<StoreUnit>;
}
