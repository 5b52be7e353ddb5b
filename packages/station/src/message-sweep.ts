import type { SyncedDatabase } from '@dimp/store/synced';
import { messageKey, numberOfKey, seenBefore, type UserName, userOfKey, userRange } from './message-keys.js';
import { type KeptUser, messageBytes, messageTime, parseUser } from './message-records.js';
import type { Swept } from './message-store.js';
import type { MessageWriter } from './message-writer.js';

/** Records that are looked at in one go: a few milliseconds of work. */
const stepRecords = 256;

/** What a sweep works on. */
export interface SweepParts {
  readonly database: SyncedDatabase;
  readonly writer: MessageWriter;
  /** Messages that came before, and devices that were seen last before, are taken away. */
  readonly before: number;
  /** Notes of messages that came in an epoch before this are taken away. */
  readonly epoch: number;
}

/** Takes away what is too old, in small steps, so that others have their turn between them. */
export async function sweepMessages(parts: SweepParts): Promise<Swept> {
  const swept = { messages: 0, bytes: 0 };
  for await (const page of parts.database.scan(userRange)) {
    for (const [key, value] of page) {
      if (await isDue(userOfKey(key), parseUser(value), parts)) await sweepUser(userOfKey(key), parts, swept);
    }
  }
  await sweepNotes(parts);
  return swept;
}

/** Whether there is anything to take away for a user; looked at without keeping the writer from its work. */
async function isDue(name: UserName, user: KeptUser, { database, before }: SweepParts): Promise<boolean> {
  if (user.messages === 0 && user.devices.size === 0) return true;
  for (const { lastSeen } of user.devices.values()) if (lastSeen < before) return true;
  if (user.messages === 0) return false;
  for await (const page of database.scan({ ...mailbox(name, user, user.first), limit: 1 })) {
    for (const [, value] of page) return messageTime(value) < before;
  }
  return false;
}

async function sweepUser(
  name: UserName,
  { database, writer, before }: SweepParts,
  swept: { messages: number; bytes: number },
): Promise<void> {
  const hasForgotten = await writer.run(async batch => {
    const user = await batch.user(name);
    const old = [...user.devices].filter(([, { lastSeen }]) => lastSeen < before);
    for (const [device] of old) user.devices.delete(device);
    if (old.length > 0) batch.touch(name, user);
    return old.length > 0;
  });
  for (let from: number | undefined = 0; from !== undefined; ) {
    const start: number = from;
    from = await writer.run(async batch => {
      const user = await batch.user(name);
      let last: number | undefined;
      let count = 0;
      for await (const page of database.scan({ ...mailbox(name, user, start), limit: stepRecords })) {
        for (const [key, value] of page) {
          const number = numberOfKey(key);
          const isOld = messageTime(value) < before;
          // what only a forgotten device did not have may lie anywhere
          if (!isOld && !hasForgotten) {
            raise(user, number);
            return undefined;
          }
          last = number;
          count++;
          if (!isOld && !isWithAll(user, number)) continue;
          await batch.remove(name, user, number, value);
          swept.messages++;
          swept.bytes += messageBytes(value);
        }
      }
      if (count === stepRecords && last !== undefined) return last + 1;
      if (user.messages === 0) raise(user, user.next);
      if (user.messages === 0 && user.devices.size === 0) batch.forget(name);
      return undefined;
    });
  }
}

async function sweepNotes({ database, writer, epoch }: SweepParts): Promise<void> {
  const { gte, lt } = seenBefore(epoch);
  for (let from: Uint8Array | undefined = gte; from !== undefined; ) {
    // on from where it was: what was removed just now is slow to pass over
    const start: Uint8Array = from;
    from = await writer.run(async batch => {
      let [count, last] = [0, start];
      for await (const page of database.scan({ gte: start, lt, limit: stepRecords })) {
        for (const [key] of page) {
          batch.delete(key);
          last = key;
          count++;
        }
      }
      return count === stepRecords ? last : undefined;
    });
  }
}

/** The messages of a user from a number on. */
export function mailbox(name: UserName, user: KeptUser, from: number): { gte: Uint8Array; lt: Uint8Array } {
  return { gte: messageKey(name, Math.max(from, user.first)), lt: messageKey(name, user.next) };
}

/** Whether every device of a user has a message. Without any device nobody has it. */
export function isWithAll({ devices }: KeptUser, number: number): boolean {
  if (devices.size === 0) return false;
  for (const { acked } of devices.values()) if (!acked.has(number)) return false;
  return true;
}

/** Nothing below a number is kept. */
function raise(user: KeptUser, first: number): void {
  user.first = Math.max(user.first, first);
  for (const { acked } of user.devices.values()) acked.raise(user.first - 1);
}
