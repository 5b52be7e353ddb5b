/**
 * Suites that a port of your own must pass. They bring no test runner: hand in `describe` and `it`. A failure
 * is a plain Error.
 * @packageDocumentation
 */
export { type MessageStoreConformance, messageStoreConformance } from './message-store.js';
