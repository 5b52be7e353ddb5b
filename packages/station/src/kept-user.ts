import type { AckedNumbers } from './acked-numbers.js';
import { type KeyRange, messageKey, type UserName } from './message-keys.js';
import type { Stored, Usage } from './message-store.js';

/** A device of a user, and what it has. */
export interface KeptDevice {
  readonly acked: AckedNumbers;
  /** Seconds since 1970. */
  lastSeen: number;
}

/** A message that is on disk in the journal only. */
export interface HotMessage extends Stored {
  /** The record of the journal. */
  readonly journal: number;
  /** It is being moved to the mailbox. */
  isMoving: boolean;
}

/** What is kept for a user, at a glance. */
export interface KeptUser {
  readonly name: UserName;
  messages: number;
  bytes: number;
  /** The number of his next message. */
  next: number;
  /** Nothing with a lower number is kept any more. */
  first: number;
  readonly devices: Map<string, KeptDevice>;
  /** How much his record on disk says. */
  saved: Usage;
  /** His record on disk is not up to date: the journal, or what devices have said since, tells the rest. */
  isDirty: boolean;
  /** All devices had what came last within moments: so the next is likely to be gone before it is worth a record. */
  isPrompt: boolean;
  /** What he has in the journal, oldest first. All behind what is in his mailbox. */
  hot: HotMessage[];
  /** Messages for the journal that are on their way to disk. */
  flying: number;
}

/** Somebody of whom nothing is kept yet. */
export function newUser(name: UserName, next: number): KeptUser {
  return {
    name,
    messages: 0,
    bytes: 0,
    next,
    first: next,
    devices: new Map(),
    saved: { messages: 0, bytes: 0 },
    isDirty: false,
    isPrompt: false,
    hot: [],
    flying: 0,
  };
}

/** Whether every device of a user has a message. Without any device nobody has it. */
export function isWithAll({ devices }: KeptUser, number: number): boolean {
  if (devices.size === 0) return false;
  for (const { acked } of devices.values()) if (!acked.has(number)) return false;
  return true;
}

/** Up to here every device has everything; below all numbers when there is no device. */
export function commonFloor({ devices }: KeptUser): number {
  let floor = devices.size === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (const { acked } of devices.values()) floor = Math.min(floor, acked.floor);
  return floor;
}

/** The mailbox of a user from one number to before another. */
export function mailbox(user: KeptUser, from: number, end: number = user.next): KeyRange {
  return { gte: messageKey(user.name, Math.max(from, user.first)), lt: messageKey(user.name, end) };
}
