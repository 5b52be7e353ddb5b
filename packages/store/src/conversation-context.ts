import type { MessageContext } from '@dimp/dkd';
import type { Retention } from '@dimp/sdk';
import type { ConversationMemory } from './conversation-memory.js';
import type { RecordKeys } from './record-key.js';

/** What conversations are read and written with. */
export interface ConversationContext {
  readonly keys: RecordKeys;
  readonly protocol: MessageContext;
  readonly retention: Retention;
  readonly memory: ConversationMemory;
  /** Seconds since 1970. */
  readonly clock: () => number;
}
