import { createInstantMessage, createText } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { defaultProtocol, type KeptMessage, type Retention } from '@dimp/sdk';
import { testUsers } from '@dimp/sdk/test-users';
import { describe, expect, it } from '@jest/globals';
import { bytesEncoding } from '../src/database.js';
import type { Store } from '../src/index.js';
import { spaces } from '../src/spaces.js';
import { newStore, Recorder } from './kit.js';

const protocol = defaultProtocol();
const [hulk, moki] = [parseID(testUsers.hulk.id, protocol), parseID(testUsers.moki.id, protocol)];
const conversation = { user: moki, peer: hulk };

/** A store with a conversation of this many messages, and what lies under it. */
async function storeWith(
  count: number,
  retention: Retention = {},
): Promise<{ store: Store; recorder: Recorder }> {
  const recorder = new Recorder();
  const store = await newStore({ database: recorder, retention });
  await add(store, 0, count);
  return { store, recorder };
}

async function add(store: Store, from: number, before: number): Promise<void> {
  const adds = [];
  for (let i = from; i < before; i++) {
    const content = createText(`message ${i} ${i % 100 === 7 ? 'lucky 幸运' : ''}`, { serialNumber: i + 1 });
    const sent = createInstantMessage({ sender: moki, receiver: hulk, time: 1_700_000_000 + i }, content);
    adds.push(
      store.conversations.add(conversation, {
        message: sent,
        direction: 'out',
        state: 'sent',
        time: 1_700_000_000 + i,
      }),
    );
  }
  await Promise.all(adds);
}

const textsOf = (messages: readonly KeptMessage[]): readonly string[] =>
  messages.map(({ message: { content } }) => (content.kind === 'text' ? content.text.trim() : ''));

const lucky = (...hundreds: readonly number[]): readonly string[] =>
  hundreds.map(hundred => `message ${hundred * 100 + 7} lucky 幸运`);

/** The records of an index as they lie on disk. */
async function segmentsOf(recorder: Recorder): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
  const space = { gte: Uint8Array.of(spaces.search), lt: Uint8Array.of(spaces.search + 1) };
  const iterator = recorder.iterator({ ...space, ...bytesEncoding });
  const found = await iterator.nextv(10_000);
  await iterator.close();
  return found;
}

describe('the index of a conversation', () => {
  it('finds through full segments, the one that is being filled, and over their ends', async () => {
    const { store, recorder } = await storeWith(700);
    expect((await segmentsOf(recorder)).length % 16).toBe(0);
    expect((await segmentsOf(recorder)).length).toBeGreaterThanOrEqual(32);
    expect(textsOf(await store.conversations.search(conversation, 'lucky'))).toEqual(
      lucky(6, 5, 4, 3, 2, 1, 0),
    );
    expect(textsOf(await store.conversations.search(conversation, '幸运 207'))).toEqual(lucky(2));
    for (const number of [0, 255, 256, 511, 512, 699]) {
      const found = textsOf(await store.conversations.search(conversation, `${number}`));
      expect(found).toEqual([`message ${number}`]);
    }
    expect(await store.conversations.search(conversation, 'message', { limit: 3 })).toHaveLength(3);
  });

  it('shows neither words nor text on disk', async () => {
    const { recorder } = await storeWith(300);
    const written = recorder.batches.flatMap(({ operations }) => operations);
    for (const operation of written) {
      if (operation.type === 'del' || operation.key[0] === 0 || operation.key[0] === 0xfe) continue;
      const text = Buffer.from(operation.value).toString('latin1');
      expect(text).not.toMatch(/message|lucky|hulk/);
    }
  });

  it('is no reason not to find something when it is damaged or gone', async () => {
    const { store, recorder } = await storeWith(700);
    const segments = await segmentsOf(recorder);
    await recorder.batch(
      segments.map(([key, value], index) =>
        index % 2 === 0
          ? { type: 'del', key }
          : { type: 'put', key, value: value.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) },
      ),
      { ...bytesEncoding, sync: true },
    );
    expect(textsOf(await store.conversations.search(conversation, 'lucky'))).toEqual(
      lucky(6, 5, 4, 3, 2, 1, 0),
    );
    const { damaged } = await store.verify();
    expect(damaged.map(({ space }) => space)).toEqual(damaged.map(() => 'search'));
  });

  it('forgets a message that is removed, also on disk', async () => {
    const { store } = await storeWith(300);
    const [place] = await store.conversations.findSent(moki, 8);
    if (place === undefined) throw new Error('expected the message');
    await store.conversations.remove(place);
    expect(textsOf(await store.conversations.search(conversation, 'lucky'))).toEqual(lucky(2, 1));
    expect(await store.conversations.search(conversation, '7')).toEqual([]);
  });

  it('goes with the messages that are kept no longer', async () => {
    const { store, recorder } = await storeWith(900, { maxMessages: 100 });
    expect(textsOf(await store.conversations.search(conversation, 'lucky'))).toEqual(lucky(8));
    const { records } = await store.verify();
    expect([records.get('message'), records.get('sent message')]).toEqual([100, 100]);
    expect((await segmentsOf(recorder)).length).toBeLessThanOrEqual(32);
  });

  it('goes with its conversation, of which nothing is left', async () => {
    const { store } = await storeWith(700);
    await store.conversations.removeAll(conversation);
    expect([...(await store.verify()).records.keys()]).toEqual([]);
  });
});

describe('a conversation whose record is lost', () => {
  it('is put together again from its messages', async () => {
    const { store, recorder } = await storeWith(300);
    const { records } = await store.verify();
    expect(records.get('conversation')).toBe(1);
    const space = { gte: Uint8Array.of(spaces.conversation), lt: Uint8Array.of(spaces.conversation + 1) };
    const iterator = recorder.iterator({ ...space, ...bytesEncoding });
    const found = await iterator.nextv(10);
    await iterator.close();
    await recorder.batch(
      found.map(([key]) => ({ type: 'del', key })),
      { ...bytesEncoding, sync: true },
    );
    await add(store, 300, 302);
    expect(await store.conversations.loadSummary(conversation)).toMatchObject({ count: 302, unread: 0 });
    expect(textsOf(await store.conversations.list(conversation, { limit: 3 }))).toEqual([
      'message 301',
      'message 300',
      'message 299',
    ]);
    expect(textsOf(await store.conversations.search(conversation, 'lucky'))).toEqual(lucky(2, 1, 0));
  });
});
