import type { KeyPolicy, KeyStore, Protocol } from '@dimp/core';
import type { Archive, Conversations, Outbox, ReplayMemory, WaitingList } from '@dimp/sdk';
import type { ArchiveNews } from './archive-news.js';
import type { Claims } from './claims.js';
import type { ConversationEditor } from './conversation-editor.js';
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
  readonly editor: ConversationEditor;
  readonly lastNumbers: LastNumbers;
  readonly keyMemory: KeyMemory;
  readonly keyTurns: KeyTurns;
  readonly claims: Claims;
  readonly news: ArchiveNews;
}

/** The parts over a scope: of the store itself, or of one unit. Each is made when it is asked for. */
export class ScopeParts implements StoreParts {
  readonly #scope: Scope;
  readonly #context: PartsContext;
  #archive: Archive | undefined;
  #keyStore: KeyStore | undefined;
  #replay: ReplayMemory | undefined;
  #conversations: Conversations | undefined;
  #outbox: Outbox | undefined;
  #waitingList: WaitingList | undefined;

  constructor(scope: Scope, context: PartsContext) {
    this.#scope = scope;
    this.#context = context;
  }

  get archive(): Archive {
    this.#archive ??= new StoreArchive(this.#scope, this.#context);
    return this.#archive;
  }

  get keyStore(): KeyStore {
    this.#keyStore ??= new StoreKeyStore(this.#scope, this.#context);
    return this.#keyStore;
  }

  get replay(): ReplayMemory {
    const { keys, clock, replayIndex, replay } = this.#context;
    this.#replay ??= new StoreReplayMemory(this.#scope, keys, clock, replayIndex, replay);
    return this.#replay;
  }

  get conversations(): Conversations {
    this.#conversations ??= new StoreConversations(this.#scope, this.#context.editor);
    return this.#conversations;
  }

  get outbox(): Outbox {
    const { keys, protocol, lastNumbers, claims } = this.#context;
    this.#outbox ??= new StoreOutbox(this.#scope, keys, protocol, lastNumbers, claims);
    return this.#outbox;
  }

  get waitingList(): WaitingList {
    const { keys, protocol, lastNumbers, claims } = this.#context;
    this.#waitingList ??= new StoreWaitingList(this.#scope, keys, protocol, lastNumbers, claims);
    return this.#waitingList;
  }
}
