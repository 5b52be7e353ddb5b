import type { Awaitable, ID } from '@dimp/mkm';

/** Something that a message waits for. */
export interface Missing {
  readonly what: 'meta' | 'profile' | 'members';
  /** Whose. */
  readonly id: ID;
  /** Who sent the message that waits, if it came from somebody. */
  readonly sender?: ID;
}

/**
 * A port: asks for what is missing, at a station, in a directory, wherever. It is called once for one missing
 * thing; the answer comes in as any other message, or is given to `Facebook`.
 */
export interface Resolver {
  request(missing: Missing): Awaitable<void>;
}
