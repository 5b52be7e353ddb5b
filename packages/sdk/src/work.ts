import type { KeyStore, Transceiver } from '@dimp/core';
import type { Conversations } from './conversations.js';
import type { Facebook } from './default-facebook.js';
import type { Outbox } from './outbox.js';
import type { ReplayMemory } from './replay-memory.js';
import type { Missing } from './resolver.js';
import type { WaitingList } from './waiting-list.js';

/** What a messenger reads and changes, beside what its Facebook knows. */
export interface WorkPorts {
  readonly keyStore: KeyStore;
  readonly replay: ReplayMemory | undefined;
  readonly conversations: Conversations | undefined;
  readonly outbox: Outbox | undefined;
  readonly waitingList: WaitingList | undefined;
}

/** A work that was handed over. */
export interface Ended {
  /** Resolves when it is saved and has been told. Rejects with a DimpError when it is lost. */
  readonly saved: Promise<void>;
}

/**
 * What one message changes, from its arrival until it is told: everything through these ports is saved together, and
 * what depends on its being saved is done when it is.
 *
 * Without a store each change counts at once, and so does what depends on it.
 */
export interface Work extends WorkPorts {
  readonly facebook: Facebook;
  readonly transceiver: Transceiver;
  /** Whether nothing is pending: each change counted when it was made. */
  readonly isDirect: boolean;
  /** Does something when the changes show to later work. */
  whenShown(action: () => void): void;
  /** Does something when the changes are on disk, such as telling of them. */
  whenSaved(action: () => void): void;
  /** Does something when they come to nothing. */
  whenLost(action: () => void): void;
  /** Hands the changes over; resolves when they show. @throws {DimpError} when they cannot be saved */
  end(): Promise<Ended>;
  /** Drops the changes, all but metas, and what was to be done with them. */
  abandon(): Promise<Ended>;
}

/** Begins works, and keeps the order in which they are told. */
export interface Works {
  /** @throws {DimpError} when the store does not work */
  begin(): Promise<Work>;
  /** The ports outside of all work: what shows to everybody. */
  readonly ports: WorkPorts;
  /** Called with what came in a work, when it shows. */
  onArrived: (thing: Missing) => void;
  /** Resolves when everything that was handed over has been told. */
  idle(): Promise<void>;
}
