/**
 * Suites that a port of your own must pass. They bring no test runner: hand in `describe` and `it`. A failure
 * is a plain Error.
 * @packageDocumentation
 */
export { type ArchiveConformance, archiveConformance } from './archive.js';
export { type ConversationsConformance, conversationsConformance } from './conversations.js';
export { type FileHostConformance, fileHostConformance } from './file-host.js';
export { type OutboxConformance, outboxConformance } from './outbox.js';
export {
  type ReplayBounds,
  type ReplayMemoryConformance,
  replayMemoryConformance,
} from './replay-memory.js';
export { type TransportConformance, type TransportPair, transportConformance } from './transport.js';
export { type WaitingListConformance, waitingListConformance } from './waiting-list.js';
