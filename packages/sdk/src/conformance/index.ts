/**
 * Suites that a port of your own must pass. They bring no test runner: hand in `describe` and `it`. A failure
 * is a plain Error.
 * @packageDocumentation
 */
export { type ArchiveConformance, archiveConformance } from './archive.js';
export { type FileHostConformance, fileHostConformance } from './file-host.js';
export { type TransportConformance, type TransportPair, transportConformance } from './transport.js';
