import type { MessageContext } from '@dimp/dkd';
import type { Retention } from '@dimp/sdk';
import type { ConversationMemory } from './conversation-memory.js';
import type { RecordKeys } from './record-key.js';
import type { Sweeper } from './sweeper.js';

/** What conversations are read and written with. */
export interface ConversationContext {
  readonly keys: RecordKeys;
  readonly protocol: MessageContext;
  readonly retention: Retention;
  readonly memory: ConversationMemory;
  readonly sweeper: Sweeper;
  /** Seconds since 1970. */
  readonly clock: () => number;
}
