import { randomBytes } from 'node:crypto';

/** As long as a message of some words is, with what is kept of it. */
export const recordBytes = 600;

/** What is written and sealed where it matters only how long it is. */
export const record: Uint8Array = new Uint8Array(randomBytes(recordBytes));
