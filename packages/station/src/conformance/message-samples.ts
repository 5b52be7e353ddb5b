import { sha256 } from '@dimp/crypto/digest';
import { anywhere, createID, type ID } from '@dimp/mkm';
import type { MessageStore, NewStored, PageLimit } from '../message-store.js';
import { checkSame } from './check.js';

/** When the clock of each test begins. */
export const start = 1_700_000_000;
export const anna: ID = createID({ name: 'anna', address: anywhere });
export const bob: ID = createID({ name: 'bob', address: anywhere });
export const carl: ID = createID({ name: 'carl', address: anywhere });
/** Everything there is. */
export const page: PageLimit = { count: 100, bytes: 1_000_000 };

/** A message of two bytes from Anna to Bob. */
export function sample(number: number): NewStored {
  const data = Uint8Array.of(0x30 + number, 0xff);
  return { receiver: bob, sender: anna, data, digest: sha256(data), time: start };
}

/** What the messages of a page are: the first byte of each as a letter. */
export async function texts(
  store: MessageStore,
  user: ID,
  device: string,
  after: number,
  limit: PageLimit,
): Promise<string[]> {
  const found = await store.page(user, device, after, limit);
  return found.map(({ data }) => String.fromCharCode(data[0] ?? 0));
}

/** Checks what a device is still to be given. */
export async function checkKept(
  store: MessageStore,
  user: ID,
  device: string,
  expected: readonly string[],
): Promise<void> {
  checkSame(await texts(store, user, device, 0, page), expected, `messages for ${device || 'the device'}`);
  const pending = [];
  for await (const part of store.pending(user, device)) pending.push(...part);
  const found = await store.page(user, device, 0, page);
  checkSame(
    pending,
    found.map(({ number, senderTag }) => ({ number, senderTag })),
    'what is pending',
  );
}

/** A device has everything. */
export async function acknowledgeAll(store: MessageStore, user: ID, device: string): Promise<void> {
  const numbers = (await store.page(user, device, 0, page)).map(({ number }) => number);
  store.acknowledge(user, device, numbers);
  await store.idle();
}
