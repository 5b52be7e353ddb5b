import type { Protection } from '@dimp/core';
import type { TestRunner } from '@dimp/crypto/conformance';
import { createInstantMessage, createText, formatInstantMessage } from '@dimp/dkd';
import { type Awaitable, createID, type ID, NetworkType } from '@dimp/mkm';
import type {
  Conversation,
  Conversations,
  KeptMessage,
  MessagePlace,
  NewMessage,
  Retention,
} from '../conversations.js';
import { defaultProtocol } from '../defaults.js';
import { check, checkSame } from './check.js';
import { sampleUser } from './samples.js';

/** What the suite is told. */
export interface ConversationsConformance {
  /** Makes empty conversations. Each test asks for some of its own. */
  readonly create: (bounds: {
    readonly retention: Retention;
    readonly clock: () => number;
  }) => Awaitable<Conversations>;
  /** Opens again what is kept, as the next run of a program does. Without it that is not tested. */
  readonly reopen?: (conversations: Conversations) => Awaitable<Conversations>;
}

const protocol = defaultProtocol();

const labels: Protection = {
  signature: { algorithm: 'RSA', bits: 1024 },
  encryption: { algorithm: 'AES', bits: 256, wrap: { algorithm: 'RSA', bits: 1024 }, reused: false },
  bound: true,
  generation: 1,
};

/** Anna, her conversation with Bob and that with a group. */
interface Scene {
  readonly conversations: Conversations;
  readonly anna: ID;
  readonly bob: ID;
  readonly withBob: Conversation;
  readonly withGroup: Conversation;
  time: number;
}

/**
 * What all conversations must do: keep order, count what was not read, find what was said, forget what is to be
 * forgotten, and mix nothing up.
 *
 * @example
 * conversationsConformance({ describe, it }, { create: options => new MemoryConversations(options) })
 */
export function conversationsConformance(runner: TestRunner, options: ConversationsConformance): void {
  const { reopen } = options;
  const test = (name: string, body: (scene: Scene) => Promise<void>, retention: Retention = {}): void =>
    runner.it(name, async () => {
      const [anna, bob] = [(await sampleUser('anna')).id, (await sampleUser('bob')).id];
      const group = (await sampleUser('group', NetworkType.group)).id;
      const scene = {
        anna,
        bob,
        withBob: { user: anna, peer: bob },
        withGroup: { user: anna, peer: group },
        time: 1_700_000_000,
      };
      const conversations = await options.create({ retention, clock: () => scene.time });
      await body(Object.assign(scene, { conversations }));
    });

  runner.describe('conversations', () => {
    test('are empty at first', async ({ conversations, anna, withBob }) => {
      checkSame(await conversations.list(withBob), [], 'messages');
      checkSame(await conversations.loadSummary(withBob), undefined, 'summary');
      checkSame(await conversations.listSummaries(anna), [], 'summaries');
      checkSame(await conversations.findSent(anna, 7), [], 'messages with a serial number');
      checkSame(await conversations.search(withBob, 'hello'), [], 'search');
      checkSame(await conversations.load({ ...withBob, number: 1 }), undefined, 'a message');
      await conversations.update({ ...withBob, number: 1 }, { state: 'sent' });
      await conversations.remove({ ...withBob, number: 1 });
      await conversations.removeAll(withBob);
      await conversations.markRead(withBob);
      await conversations.sweep();
      checkSame(await conversations.list(withBob), [], 'messages after what has no effect');
    });

    test('keep messages exactly, whatever the terminal', async scene => {
      const { conversations, withBob, anna, bob } = scene;
      const sent = sentMessage(scene, 'hello Bob', 7);
      const received = receivedMessage(scene, 'hello Änne 😀');
      const first = await conversations.add(withBob, sent);
      const second = await conversations.add({ user: onPhone(anna), peer: onPhone(bob) }, received);
      check(second.number > first.number, 'numbers: expected them to go up');
      checkKept(await conversations.load(first), sent, first.number);
      checkKept(await conversations.load({ ...second, peer: onPhone(bob) }), received, second.number);
      checkSame(textsOf(await conversations.list(withBob)), ['hello Änne 😀', 'hello Bob'], 'newest first');
    });

    test('are read page by page in both directions', async scene => {
      const { conversations, withBob, withGroup } = scene;
      const places: MessagePlace[] = [];
      for (let i = 0; i < 25; i++) {
        places.push(await conversations.add(withBob, receivedMessage(scene, `message ${i}`)));
        await conversations.add(withGroup, receivedMessage(scene, `other ${i}`));
      }
      const texts = places.map((_, i) => `message ${i}`);
      const back: string[] = [];
      for (let before: number | undefined; ; ) {
        const page = await conversations.list(withBob, {
          limit: 10,
          ...(before !== undefined && { before }),
        });
        if (page.length === 0) break;
        check(page.length <= 10, 'a page: expected at most 10 messages');
        back.push(...textsOf(page));
        before = page.at(-1)?.number;
      }
      checkSame(back, texts.toReversed(), 'from the newest on');
      const forth: string[] = [];
      for (let after = 0; ; ) {
        const page = await conversations.list(withBob, { after, limit: 10 });
        if (page.length === 0) break;
        forth.push(...textsOf(page));
        after = page.at(-1)?.number ?? after;
      }
      checkSame(forth, texts, 'from the oldest on');
      const middle = places[12]?.number ?? 0;
      const around = [
        ...textsOf(await conversations.list(withBob, { before: middle, limit: 2 })),
        ...textsOf(await conversations.list(withBob, { after: middle, limit: 2 })),
      ];
      checkSame(around, ['message 11', 'message 10', 'message 13', 'message 14'], 'around the middle');
      check((await conversations.list(withBob)).length === 25, 'a page without limit: expected up to 50');
    });

    test('give no page whose limit is no number of messages', async scene => {
      const { conversations, withBob } = scene;
      for (let i = 0; i < 3; i++) await conversations.add(withBob, receivedMessage(scene, `message ${i}`));
      const pages: readonly ((limit: number) => Awaitable<readonly KeptMessage[]>)[] = [
        limit => conversations.list(withBob, { limit }),
        limit => conversations.list(withBob, { after: 0, limit }),
        limit => conversations.search(withBob, 'message', { limit }),
      ];
      for (const page of pages) {
        checkSame(await page(0), [], 'a page of none');
        for (const limit of [-1, 1.5, Number.NaN]) {
          const outcome = await Promise.resolve(limit).then(page).then(textsOf, errorName);
          checkSame(outcome, 'RangeError', `a page with limit ${limit}`);
        }
      }
    });

    test('count what was not read', async scene => {
      const { conversations, withBob, withGroup, anna } = scene;
      const places: MessagePlace[] = [];
      for (let i = 0; i < 5; i++) {
        places.push(await conversations.add(withBob, receivedMessage(scene, `message ${i}`)));
      }
      await conversations.add(withBob, sentMessage(scene, 'answer', 7));
      scene.time += 10;
      await conversations.add(withGroup, receivedMessage(scene, 'to all'));
      const glance = async (): Promise<unknown> =>
        (await conversations.listSummaries(anna)).map(({ peer, unread, count, time }) => [
          peer.key,
          unread,
          count,
          time,
        ]);
      const group = [withGroup.peer.key, 1, 1, scene.time];
      const bob = (unread: number, count = 6): unknown => [withBob.peer.key, unread, count, scene.time - 10];
      checkSame(await glance(), [group, bob(5)], 'the newest first');
      await conversations.markRead(withBob, places[1]?.number);
      checkSame(await glance(), [group, bob(3)], 'read up to the second');
      await conversations.markRead(withBob, places[0]?.number);
      checkSame(await glance(), [group, bob(3)], 'what was read stays read');
      await conversations.remove(places[0] as MessagePlace);
      await conversations.remove(places[4] as MessagePlace);
      await conversations.remove(places[4] as MessagePlace);
      checkSame(await glance(), [group, bob(2, 4)], 'after two were removed');
      await conversations.markRead(withBob);
      checkSame(await glance(), [group, bob(0, 4)], 'all read');
      await conversations.add(withBob, receivedMessage(scene, 'one more'));
      checkSame((await conversations.loadSummary(withBob))?.unread, 1, 'unread after one more');
    });

    test('note how far a message has come, never back', async scene => {
      const { conversations, withBob, anna, bob } = scene;
      const place = await conversations.add(withBob, sentMessage(scene, 'hello', 7));
      await conversations.add(withBob, sentMessage(scene, 'another', 8));
      await conversations.add(withBob, { ...receivedMessage(scene, 'from Bob', 7) });
      checkPlaces(await conversations.findSent(onPhone(anna), 7), [place], 'where the message is');
      const receipt = { sender: bob, time: scene.time, text: 'got it' };
      await conversations.update(place, { state: 'received', receipt });
      await conversations.update(place, { state: 'sent' });
      await conversations.update(place, { state: 'received', receipt: { ...receipt, time: 1 } });
      const kept = await conversations.load(place);
      checkSame(kept?.state, 'received', 'state');
      checkSame(kept?.receipts, [receipt], 'receipts');
      const [other] = await conversations.findSent(anna, 8);
      check(other !== undefined, 'the other message: expected it to be found');
      const failure = { code: 'ERR_TRANSPORT', reason: 'refused' };
      await conversations.update(other, { state: 'failed', failure });
      const failed = await conversations.load(other);
      checkSame([failed?.state, failed?.failure], ['failed', failure], 'a failed one');
      await conversations.remove(place);
      checkSame(await conversations.findSent(anna, 7), [], 'one that was removed');
    });

    test('remove a conversation and begin it anew', async scene => {
      const { conversations, withBob, withGroup, anna } = scene;
      const old = await conversations.add(withBob, sentMessage(scene, 'old words', 7));
      await conversations.add(withGroup, receivedMessage(scene, 'old words'));
      await conversations.removeAll(withBob);
      checkSame(await conversations.list(withBob), [], 'messages');
      checkSame(await conversations.loadSummary(withBob), undefined, 'summary');
      checkSame(await conversations.findSent(anna, 7), [], 'by serial number');
      checkSame(await conversations.search(withBob, 'old'), [], 'search');
      await conversations.add(withBob, sentMessage(scene, 'new words', 8));
      checkSame(textsOf(await conversations.list(withBob)), ['new words'], 'messages of the new one');
      checkSame(textsOf(await conversations.list(withGroup)), ['old words'], 'messages of another');
      check((await conversations.load(old)) === undefined, 'an old number: expected it not to be used again');
    });

    const tenMessages = async (scene: Scene): Promise<void> => {
      for (let i = 0; i < 10; i++) {
        await scene.conversations.add(scene.withBob, receivedMessage(scene, `message ${i}`, i + 1));
        scene.time += 10;
      }
    };

    const checkLast = async ({ conversations, withBob }: Scene, count: number): Promise<void> => {
      const texts = Array.from({ length: count }, (_, i) => `message ${9 - i}`);
      checkSame(textsOf(await conversations.list(withBob)), texts, 'messages that are left');
      checkSame(textsOf(await conversations.search(withBob, 'message')), texts, 'those that are found');
      const summary = await conversations.loadSummary(withBob);
      checkSame([summary?.count, summary?.unread], [count, count], 'counts');
    };

    test(
      'keep as many as they are to keep',
      async scene => {
        await tenMessages(scene);
        await checkLast(scene, 3);
      },
      { maxMessages: 3 },
    );

    test(
      'keep what is young enough',
      async scene => {
        await tenMessages(scene);
        await scene.conversations.sweep();
        await checkLast(scene, 3);
        scene.time += 100;
        await scene.conversations.sweep();
        checkSame(await scene.conversations.list(scene.withBob), [], 'messages at last');
      },
      { maxAge: 35 },
    );

    test(
      'keep what has room',
      async scene => {
        await tenMessages(scene);
        const { length } = await scene.conversations.list(scene.withBob);
        check(length >= 2 && length < 10, `messages that are left: expected some, got ${length}`);
        await checkLast(scene, length);
      },
      { maxBytes: 1200 },
    );

    test('find whole words, in large and small letters', async scene => {
      const { conversations, withBob, withGroup } = scene;
      for (const text of ['Hello, World!', 'hello Straße 42', 'worlds apart', 'ÄRGER in der Straße']) {
        await conversations.add(withBob, receivedMessage(scene, text));
      }
      await conversations.add(withGroup, receivedMessage(scene, 'hello group'));
      const search = async (text: string): Promise<readonly string[]> =>
        textsOf(await conversations.search(withBob, text));
      checkSame(await search('HELLO'), ['hello Straße 42', 'Hello, World!'], 'newest first');
      checkSame(await search('world'), ['Hello, World!'], 'no part of a word');
      checkSame(await search('world hello'), ['Hello, World!'], 'all words, in any order');
      checkSame(await search('ärger STRASSE'), ['ÄRGER in der Straße'], 'letters of other kinds');
      checkSame(await search('42'), ['hello Straße 42'], 'numbers');
      checkSame(await search('hello nobody'), [], 'a word that is nowhere');
      checkSame(await search(' ?!'), [], 'no word at all');
    });

    test('find parts of texts in scripts without spaces', async scene => {
      const { conversations, withBob } = scene;
      const texts = [
        '你好，世界',
        '世界你好吗',
        '好人',
        '東京タワーへ行きましょう',
        'DIMP协议version 2',
        'สวัสดีครับ',
      ];
      for (const text of texts) await conversations.add(withBob, receivedMessage(scene, text));
      const search = async (text: string): Promise<readonly string[]> =>
        textsOf(await conversations.search(withBob, text));
      checkSame(await search('你好'), ['世界你好吗', '你好，世界'], 'two characters');
      checkSame(await search('世界你好'), ['世界你好吗'], 'side by side');
      checkSame(await search('好'), ['好人', '世界你好吗', '你好，世界'], 'one character');
      checkSame(await search('タワー'), ['東京タワーへ行きましょう'], 'syllables');
      checkSame(await search('协议 VERSION'), ['DIMP协议version 2'], 'with words beside');
      checkSame(await search('สวัส'), ['สวัสดีครับ'], 'Thai');
      checkSame(await search('好世'), [], 'over a comma');
    });

    test('find in many messages, page by page, and not what was removed', async scene => {
      const { conversations, withBob } = scene;
      const places: MessagePlace[] = [];
      for (let i = 0; i < 600; i++) {
        const text = `number ${i} ${i % 50 === 0 ? 'jubilee' : 'ordinary'}`;
        places.push(await conversations.add(withBob, receivedMessage(scene, text)));
      }
      const found: string[] = [];
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const page = await conversations.search(withBob, 'Jubilee', { before, limit: 5 });
        if (page.length === 0) break;
        found.push(...textsOf(page));
        before = page.at(-1)?.number ?? 0;
      }
      const jubilees = Array.from({ length: 12 }, (_, i) => `number ${i * 50} jubilee`).reverse();
      checkSame(found, jubilees, 'all of them');
      for (const index of [0, 50, 599]) await conversations.remove(places[index] as MessagePlace);
      checkSame(
        textsOf(await conversations.search(withBob, 'jubilee')),
        jubilees.slice(0, 10),
        'after two were removed',
      );
      checkSame(await conversations.search(withBob, '599'), [], 'the newest, which was removed');
      checkSame(
        textsOf(await conversations.search(withBob, '598 number')),
        ['number 598 ordinary'],
        'its neighbour',
      );
    });

    test('lose nothing of what comes at the same time', async scene => {
      const { conversations, withBob, withGroup } = scene;
      const adds = Array.from({ length: 40 }, (_, i) =>
        conversations.add(i % 2 === 0 ? withBob : withGroup, receivedMessage(scene, `message ${i}`)),
      );
      const places = await Promise.all(adds);
      const numbers = places.map(({ peer, number }) => `${peer.key} ${number}`);
      check(new Set(numbers).size === 40, 'numbers: expected each once in a conversation');
      for (const conversation of [withBob, withGroup]) {
        const summary = await conversations.loadSummary(conversation);
        checkSame([summary?.count, summary?.unread], [20, 20], 'counts');
        check((await conversations.list(conversation)).length === 20, 'messages: expected all');
      }
    });

    if (reopen === undefined) return;
    test('are there in the next run of the program', async scene => {
      const { conversations, withBob, anna, bob } = scene;
      const sent = sentMessage(scene, 'hello Bob', 7);
      const place = await conversations.add(withBob, sent);
      await conversations.add(withBob, receivedMessage(scene, 'hello Anna'));
      await conversations.update(place, {
        state: 'received',
        receipt: { sender: bob, time: scene.time, text: '' },
      });
      await conversations.markRead(withBob);
      await conversations.add(withBob, receivedMessage(scene, 'are you there?'));

      const next = await reopen(conversations);
      checkSame(textsOf(await next.list(withBob)), ['are you there?', 'hello Anna', 'hello Bob'], 'messages');
      checkSame((await next.load(place))?.state, 'received', 'state');
      checkSame((await next.loadSummary(withBob))?.unread, 1, 'unread');
      checkPlaces(await next.findSent(anna, 7), [place], 'by serial number');
      checkSame(textsOf(await next.search(withBob, 'hello anna')), ['hello Anna'], 'search');
      const more = await next.add(withBob, receivedMessage(scene, 'one more'));
      check(more.number > place.number, 'the next number: expected it to go on');
    });
  });
}

function sentMessage({ anna, bob, time }: Scene, text: string, serialNumber: number): NewMessage {
  const content = createText(text, { serialNumber });
  const message = createInstantMessage({ sender: anna, receiver: bob, time }, content);
  return { message, direction: 'out', state: 'queued', time };
}

function receivedMessage({ anna, bob, time }: Scene, text: string, serialNumber = 1): NewMessage {
  const content = createText(text, { serialNumber });
  const message = createInstantMessage({ sender: bob, receiver: anna, time }, content);
  return { message, direction: 'in', state: 'received', time, labels };
}

function checkKept(kept: KeptMessage | undefined, expected: NewMessage, number: number): void {
  check(kept !== undefined, `message ${number}: expected one`);
  const plain = (message: NewMessage): unknown => [
    formatInstantMessage(message.message, protocol),
    message.direction,
    message.state,
    message.time,
    message.labels ?? null,
    message.failure ?? null,
  ];
  checkSame(plain(kept), plain(expected), `message ${number}`);
  checkSame([kept.number, kept.receipts], [number, []], `number and receipts of message ${number}`);
}

function checkPlaces(got: readonly MessagePlace[], expected: readonly MessagePlace[], what: string): void {
  const plain = ({ user, peer, number }: MessagePlace): unknown => [user.key, peer.key, number];
  checkSame(got.map(plain), expected.map(plain), what);
}

function errorName(error: Error): string {
  return error.name;
}

function textsOf(messages: readonly KeptMessage[]): readonly string[] {
  return messages.map(({ message: { content } }) => (content.kind === 'text' ? content.text : content.kind));
}

function onPhone({ name, address }: ID): ID {
  return createID({ name, address, terminal: 'phone' });
}
