import type { KeptDevice, KeptUser } from './kept-user.js';
import type { Usage } from './message-store.js';

/** Seconds after which a device that was not seen is gone: one that comes every day is waited for. */
const goneAfter = 86_400;
/** Numbers that are looked at, at most, times devices: less than a millisecond, as anybody can have it done. */
const mostLooks = 8_192;

/** Whether a user has a device that others need not be kept waiting for. */
export function hasGone({ devices }: KeptUser, now: number): boolean {
  if (devices.size < 2) return false;
  for (const device of devices.values()) if (isGone(device, now)) return true;
  return false;
}

/**
 * What may go when a mailbox is full, oldest first: messages that only devices which are gone do not have, and that a
 * device which was seen after them has. No more than it takes.
 * @param room how much is needed
 * @param sizeOf bytes of a message; undefined when it is not kept any more
 * @returns undefined when it would not be enough
 */
export async function findLeftBehind(
  user: KeptUser,
  room: Usage,
  now: number,
  sizeOf: (number: number) => Promise<number | undefined>,
): Promise<readonly number[] | undefined> {
  const found: number[] = [];
  let bytes = 0;
  const end = Math.min(user.next, user.first + mostLooks / user.devices.size);
  for (let number = user.first; number < end; number++) {
    if (!isLeftBehind(user, number, now)) continue;
    const size = await sizeOf(number);
    if (size === undefined) continue;
    found.push(number);
    bytes += size;
    if (found.length >= room.messages && bytes >= room.bytes) return found;
  }
  return undefined;
}

function isLeftBehind({ devices }: KeptUser, number: number, now: number): boolean {
  let [lastWith, lastWithout] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const device of devices.values()) {
    const { acked, lastSeen } = device;
    if (acked.has(number)) lastWith = Math.max(lastWith, lastSeen);
    else if (isGone(device, now)) lastWithout = Math.max(lastWithout, lastSeen);
    else return false;
  }
  return Number.isFinite(lastWithout) && lastWith > lastWithout;
}

function isGone({ lastSeen }: KeptDevice, now: number): boolean {
  return now - lastSeen > goneAfter;
}
