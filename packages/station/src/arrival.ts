import { parsePackage } from '@dimp/core';
import type { ReliableMessage } from '@dimp/dkd';
import type { ClientSession } from './client-session.js';

/** A package that came by a session. */
export interface Arrival {
  readonly data: Uint8Array;
  readonly session: ClientSession;
  /** When it came, in milliseconds. */
  readonly time: number;
  /** Absent until it was read. */
  message?: ReliableMessage;
}

/** A package that was read. */
export type ReadArrival = Arrival & { readonly message: ReliableMessage };

/** The message of a package; undefined when it is none. What is wrong with it, `parsePackage` says. */
export function tryReadPackage(
  data: Uint8Array,
  protocol: Parameters<typeof parsePackage>[1],
): ReliableMessage | undefined {
  try {
    return parsePackage(data, protocol);
  } catch {
    return undefined;
  }
}
