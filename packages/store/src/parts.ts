import type { KeyPolicy, KeyStore, Protocol } from '@dimp/core';
import type { Archive, Conversations, Outbox, ReplayMemory, Retention, WaitingList } from '@dimp/sdk';
import type { ConversationMemory } from './conversation-memory.js';
import type { KeyMemory } from './key-memory.js';
import type { LastNumbers } from './numbers.js';
import type { RecordKeys } from './record-key.js';
import type { Scope } from './records.js';
import { StoreArchive } from './store-archive.js';
import { StoreConversations } from './store-conversations.js';
import { StoreKeyStore } from './store-key-store.js';
import { StoreOutbox } from './store-outbox.js';
import { type ReplayEnds, StoreReplayMemory, type StoreReplayOptions } from './store-replay-memory.js';
import { StoreWaitingList } from './store-waiting-list.js';

/** What a store gives to the sdk: ports that share one database. */
export interface StoreParts {
  readonly archive: Archive;
  readonly keyStore: KeyStore;
  readonly replay: ReplayMemory;
  readonly conversations: Conversations;
  readonly outbox: Outbox;
  readonly waitingList: WaitingList;
}

/** What the parts are made with, the same for all of a store. */
export interface PartsContext {
  readonly protocol: Protocol;
  readonly keys: RecordKeys;
  readonly clock: () => number;
  readonly policy?: KeyPolicy;
  readonly replay?: StoreReplayOptions;
  readonly replayEnds: ReplayEnds;
  readonly retention?: Retention;
  readonly conversationMemory: ConversationMemory;
  readonly lastNumbers: LastNumbers;
  readonly keyMemory: KeyMemory;
}

/** The parts over a scope: of the store itself, or of one unit. They hold nothing, so making them costs nothing. */
export function createParts(scope: Scope, context: PartsContext): StoreParts {
  const { protocol, keys, clock, policy, replay, replayEnds, retention = {} } = context;
  const { lastNumbers, keyMemory, conversationMemory: memory } = context;
  return {
    archive: new StoreArchive(scope, keys, protocol, keyMemory),
    keyStore: new StoreKeyStore(scope, keys, protocol, policy),
    replay: new StoreReplayMemory(scope, keys, clock, replayEnds, replay),
    conversations: new StoreConversations(scope, {
      keys,
      protocol,
      retention,
      memory,
      clock,
    }),
    outbox: new StoreOutbox(scope, keys, protocol, lastNumbers),
    waitingList: new StoreWaitingList(scope, keys, protocol, lastNumbers),
  };
}
