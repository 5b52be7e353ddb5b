import type { Generation } from '@dimp/mkm';

/** Kind and strength of a key. */
export interface KeyStrength {
  readonly algorithm: string;
  readonly bits: number;
}

/** What protects a received message. Every message that is accepted was signed by its sender. */
export interface Protection {
  /** The sender's key that fits the signature. */
  readonly signature: KeyStrength;
  /** Absent for a broadcast, which everybody can read. */
  readonly encryption?: KeyStrength & {
    /** The receiver's key by which the message key came; absent when it came earlier. */
    readonly wrap?: KeyStrength;
    /** Whether the message key was seen before: equal beginnings of messages then look equal to others. */
    readonly reused: boolean;
  };
  /** Whether the content is bound to its envelope. If not, a third party may have re-addressed or re-dated it. */
  readonly bound: boolean;
  /** Whose spelling the message has. */
  readonly generation: Generation;
}
