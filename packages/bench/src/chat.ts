import { aes } from '@dimp/crypto/aes';
import { createInstantMessage, createText, type InstantMessage } from '@dimp/dkd';
import { type ID, parseID } from '@dimp/mkm';
import { type Conversation, defaultProtocol } from '@dimp/sdk';
import type { Store, StoreUnit } from '@dimp/store';

const protocol = defaultProtocol();
const user: ID = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', protocol);
const peer: ID = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);
const key = aes.generateKey();

/** The conversation that is written and read. */
export const chat: Conversation = { user, peer };

const words = 'the quick brown fox jumps over a lazy dog while seven wizards quietly box daft zebras'.split(
  ' ',
);

/** A text of about 100 letters, of common words and one that is its own. */
function textOf(number: number): string {
  const some = Array.from(
    { length: 16 },
    (_, index) => words[(number * 7 + index * (number % 5)) % words.length],
  );
  return `${some.join(' ')} n${number}`;
}

/** What came over the network, as number so and so. */
function messageOf(number: number): InstantMessage {
  const time = 1_586_000_000 + number;
  return createInstantMessage({ sender: peer, receiver: user, time }, createText(textOf(number)));
}

/** Messages that come again and again, so that making them is no part of what is measured. */
const arrivals: InstantMessage[] = [];

function arrival(number: number): InstantMessage {
  const place = number % 4096;
  arrivals[place] ??= messageOf(place);
  return arrivals[place];
}

/** Keeps what came, as the next of its conversation. */
async function addMessage({ conversations }: StoreUnit, message: InstantMessage): Promise<void> {
  const { time = 0 } = message.envelope;
  await conversations.add(chat, { message, direction: 'in', state: 'received', time });
}

/** All that one received message changes: itself, its key, and that it came. */
export async function receive(store: Store, number: number): Promise<void> {
  const messageKey = await key;
  await store.unit(async unit => {
    await addMessage(unit, arrival(number));
    await unit.keyStore.saveKey(peer, user, { key: messageKey, time: 1_586_000_000 + number, uses: 1 });
    await unit.replay.add(`fingerprint of message ${number}`, 10_000_000_000);
  });
}

/** Fills a store with messages of one conversation, many in a batch. */
export async function fill(store: Store, count: number): Promise<void> {
  for (let number = 0; number < count; ) {
    await store.unit(async unit => {
      for (const end = Math.min(count, number + 1000); number < end; number++)
        await addMessage(unit, messageOf(number));
    });
  }
}
