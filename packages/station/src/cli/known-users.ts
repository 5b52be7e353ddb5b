import type { JsonObject } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';

/** Users who were ever here that are listed: a station may know millions. */
export const mostKnown = 1_000;

/** What `dims users` tells of them. @param newest the last ones first */
export function knownUsers(count: number, newest: readonly ID[]): JsonObject {
  return { knownCount: count, known: newest.map(({ text }) => text) };
}
