import type { KeyPolicy, KeyStore, Protocol } from '@dimp/core';
import type { Archive, Conversations, Outbox, ReplayMemory, Retention, WaitingList } from '@dimp/sdk';
import type { ArchiveNews } from './archive-news.js';
import type { Claims } from './claims.js';
import type { ConversationContext } from './conversation-context.js';
import type { ConversationMemory } from './conversation-memory.js';
import type { KeyMemory } from './key-memory.js';
import type { KeyTurns } from './key-turns.js';
import type { LastNumbers } from './numbers.js';
import type { RecordKeys } from './record-key.js';
import type { Scope } from './records.js';
import type { ReplayIndex } from './replay-index.js';
import { StoreArchive } from './store-archive.js';
import { StoreConversations } from './store-conversations.js';
import { StoreKeyStore } from './store-key-store.js';
import { StoreOutbox } from './store-outbox.js';
import { StoreReplayMemory, type StoreReplayOptions } from './store-replay-memory.js';
import { StoreWaitingList } from './store-waiting-list.js';
import type { Sweeper } from './sweeper.js';

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
  readonly replayIndex: ReplayIndex;
  readonly retention?: Retention;
  readonly conversationMemory: ConversationMemory;
  readonly lastNumbers: LastNumbers;
  readonly keyMemory: KeyMemory;
  readonly keyTurns: KeyTurns;
  readonly claims: Claims;
  readonly sweeper: Sweeper;
  readonly news: ArchiveNews;
}

/** The parts over a scope: of the store itself, or of one unit. They hold nothing, so making them costs nothing. */
export function createParts(scope: Scope, context: PartsContext): StoreParts {
  const { protocol, keys, clock, policy, replay, replayIndex } = context;
  const { lastNumbers, keyMemory, keyTurns, claims, news } = context;
  return {
    archive: new StoreArchive(scope, { keys, protocol, keyMemory, news }),
    keyStore: new StoreKeyStore(scope, { keys, protocol, turns: keyTurns, policy }),
    replay: new StoreReplayMemory(scope, keys, clock, replayIndex, replay),
    conversations: new StoreConversations(scope, conversationContext(context)),
    outbox: new StoreOutbox(scope, keys, protocol, lastNumbers, claims),
    waitingList: new StoreWaitingList(scope, keys, protocol, lastNumbers, claims),
  };
}

/** What conversations are read and written with. */
export function conversationContext(context: PartsContext): ConversationContext {
  const { keys, protocol, clock, retention = {}, conversationMemory: memory, sweeper } = context;
  return { keys, protocol, retention, memory, sweeper, clock };
}
