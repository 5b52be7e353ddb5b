import type { SyncedDatabase } from '@dimp/store/synced';
import { isWithAll, type KeptUser, mailbox } from './kept-user.js';
import { numberOfKey, type UserName, userOfKey, userRange } from './message-keys.js';
import { messageBytes, messageTime, parseUser } from './message-records.js';
import type { MessageState } from './message-state.js';
import type { Swept } from './message-store.js';
import type { MessageWriter } from './message-writer.js';

/** Records that are looked at in one go: a few milliseconds of work. */
const stepRecords = 256;

/** What a sweep works on. */
export interface SweepParts {
  readonly database: SyncedDatabase;
  readonly state: MessageState;
  readonly writer: MessageWriter;
  /** Messages that came before, devices that were seen last before, and what tells repeats of it are taken away. */
  readonly before: number;
}

/** Takes away what is too old, in small steps, so that others have their turn between them. */
export async function sweepMessages(parts: SweepParts): Promise<Swept> {
  const swept = { messages: 0, bytes: 0 };
  for await (const page of parts.database.scan(userRange)) {
    for (const [key, value] of page) {
      const name = userOfKey(key);
      if (await isDue(parseUser(name, value), parts)) await sweepUser(name, parts, swept);
    }
  }
  for (const operations of parts.state.seen.expire(parts.before)) {
    await parts.writer.run(async batch => {
      for (const operation of operations) batch.write(operation);
    });
  }
  return swept;
}

/** Whether there is anything to take away for a user; looked at without keeping the writer from its work. */
async function isDue(user: KeptUser, { database, before }: SweepParts): Promise<boolean> {
  if (user.messages === 0 && user.devices.size === 0) return true;
  for (const { lastSeen } of user.devices.values()) if (lastSeen < before) return true;
  if (user.messages === 0) return false;
  for await (const page of database.scan({ ...mailbox(user, user.first), limit: 1 })) {
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
    if (old.length > 0) batch.touch(user);
    return old.length > 0;
  });
  for (let from: number | undefined = 0; from !== undefined; ) {
    const start: number = from;
    from = await writer.run(async batch => {
      const user = await batch.user(name);
      let last: number | undefined;
      let count = 0;
      for await (const page of database.scan({ ...mailbox(user, start), limit: stepRecords })) {
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
          await batch.remove(user, number, value);
          swept.messages++;
          swept.bytes += messageBytes(value);
        }
      }
      if (count === stepRecords && last !== undefined) return last + 1;
      if (user.messages === 0) raise(user, user.next);
      if (user.messages === 0 && user.devices.size === 0) batch.forget(user);
      return undefined;
    });
  }
}

/** Nothing below a number is kept. */
function raise(user: KeptUser, first: number): void {
  user.first = Math.max(user.first, first);
  for (const { acked } of user.devices.values()) acked.raise(user.first - 1);
}
