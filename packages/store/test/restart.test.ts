import { createText, type ReliableMessage } from '@dimp/dkd';
import { createReceipt } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import type { StoreOptions } from '../src/index.js';
import { newStore, places } from './kit.js';
import {
  meet,
  outcomeOf,
  type Person,
  type PersonOptions,
  person,
  record,
  textOf,
  until,
  Wire,
  writings,
} from './people.js';

/** Runs of Moki's program in one place. */
class Runs {
  readonly #options: StoreOptions;
  #end: () => Promise<void> = async () => undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** Ends the run before and begins the next. */
  async next(options: PersonOptions = {}) {
    await this.#end();
    const store = await newStore(this.#options);
    const moki = await person('moki', { store, ...options });
    this.#end = async () => {
      await moki.messenger.close();
      await store.close();
    };
    return { ...moki, store, conversation: { user: moki.id, peer: moki.facebook.parseID(hulkText) } };
  }
}

const hulkText = 'hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj';

/** What somebody reads in messages, one after the other. */
async function read(reader: Person, messages: readonly ReliableMessage[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const message of messages) {
    const outcome = await reader.messenger.processMessage(message);
    texts.push(outcome.kind === 'accepted' ? textOf(outcome) : outcome.kind);
  }
  return texts;
}

for (const { name, create } of places) {
  describe(name, () => {
    it('sends what was written while there was no way, in order and once, in a later run', async () => {
      const runs = new Runs(await create());
      const hulk = await person('hulk');
      const cut = new Wire();
      cut.isCut = true;
      const first = await runs.next({ wire: cut });
      const outcomes = [];
      for (const text of ['one', 'two', 'three']) {
        outcomes.push(await first.messenger.sendContent(createText(text), hulk.id));
      }
      expect(outcomes).toMatchObject(
        outcomes.map(() => ({ kind: 'queued', error: { code: 'ERR_TRANSPORT' } })),
      );

      const second = await runs.next({ wire: cut });
      await second.messenger.sendContent(createText('four'), hulk.id);
      const kept = await second.store.conversations.list(second.conversation);
      expect(kept.map(({ state }) => state)).toEqual(['queued', 'queued', 'queued', 'queued']);

      const third = await runs.next();
      expect(outcomeOf(await third.messenger.sendContent(createText('five'), hulk.id))).toBe('sent');
      expect(await read(hulk, third.wire.sent)).toEqual(['one', 'two', 'three', 'four', 'five']);
      const states = (await third.store.conversations.list(third.conversation)).map(({ state }) => state);
      expect(new Set(states)).toEqual(new Set(['sent']));

      const fourth = await runs.next();
      await fourth.messenger.resume();
      expect(fourth.wire.sent).toEqual([]);
      await fourth.messenger.close();
    });

    it('goes on with messages that wait for somebody, both ways', async () => {
      const runs = new Runs(await create());
      const hulk = await person('hulk', { attachMeta: 'never' });
      const messages = await writings(hulk, (await person('moki')).id, ['are you there?', 'hello?']);
      const first = await runs.next({ knows: ['moki'] });
      for (const message of messages) {
        expect(outcomeOf(await first.messenger.processMessage(message))).toBe('suspended');
      }
      for (const text of ['hello', 'who are you?']) {
        expect(outcomeOf(await first.messenger.sendContent(createText(text), hulk.id))).toBe('suspended');
      }
      const closed = record(first, 'rejected');

      const second = await runs.next();
      expect(closed).toEqual([]);
      const heard = record(second, 'message');
      const resumed = record(second, 'resumed');
      await second.messenger.resume();
      expect(second.messenger.waiting).toBe(4);
      await meet(second.facebook, 'hulk');
      await until(() => resumed.length === 4);
      expect(heard.map(textOf)).toEqual(['are you there?', 'hello?']);
      expect(await read(hulk, second.wire.sent)).toEqual(['hello', 'who are you?']);
      expect(resumed.map(({ outcome }) => outcomeOf(outcome)).sort()).toEqual([
        'accepted',
        'accepted',
        'sent',
        'sent',
      ]);
      const kept = await second.store.conversations.list(second.conversation, { after: 0 });
      expect(kept.map(message => [textOf(message), message.state])).toEqual([
        ['hello', 'sent'],
        ['who are you?', 'sent'],
        ['are you there?', 'received'],
        ['hello?', 'received'],
      ]);

      const third = await runs.next();
      await third.messenger.resume();
      expect(third.messenger.waiting).toBe(0);
      expect(third.wire.sent).toEqual([]);
      expect(await read(third, messages)).toEqual(['duplicate', 'duplicate']);
      await third.messenger.close();
    });

    it('gives up messages whose time has run out meanwhile', async () => {
      const runs = new Runs(await create());
      const hulk = await person('hulk', { attachMeta: 'never' });
      const first = await runs.next({ knows: ['moki'], waiting: { patience: 600 } });
      const [message] = await writings(hulk, first.id, ['hello?']);
      await first.messenger.processMessage(message as ReliableMessage);
      await first.messenger.sendContent(createText('who are you?'), hulk.id);

      const second = await runs.next({ waiting: { patience: 0 } });
      const rejected = record(second, 'rejected');
      await second.messenger.resume();
      await until(() => rejected.length === 2);
      expect(rejected.map(({ direction, error }) => [direction, error.code])).toEqual([
        ['in', 'ERR_WAITING_EXPIRED'],
        ['out', 'ERR_WAITING_EXPIRED'],
      ]);
      const kept = await second.store.conversations.list(second.conversation);
      expect(kept).toMatchObject([{ state: 'failed', failure: { code: 'ERR_WAITING_EXPIRED' } }]);
      expect(await second.store.waitingList.list()).toEqual([]);
      await second.messenger.close();
    });

    it('remembers what was read, and matches receipts that come later', async () => {
      const runs = new Runs(await create());
      const hulk = await person('hulk');
      const first = await runs.next();
      await first.messenger.sendContent(createText('hello', { serialNumber: 4711 }), hulk.id);
      const messages = await writings(hulk, first.id, ['one', 'two']);
      for (const message of messages) await first.messenger.processMessage(message);
      await first.store.conversations.markRead(first.conversation);

      const second = await runs.next();
      const receipt = createReceipt('got it', { ...(await firstSent(first)), serialNumber: 4711 });
      hulk.wire.sent.length = 0;
      await hulk.messenger.sendContent(receipt, second.id);
      await second.messenger.processMessage(hulk.wire.sent[0] as ReliableMessage);
      const kept = await second.store.conversations.list(second.conversation, { after: 0 });
      expect(kept.map(message => [textOf(message), message.state])).toEqual([
        ['hello', 'received'],
        ['one', 'received'],
        ['two', 'received'],
      ]);
      expect(kept[0]?.receipts).toMatchObject([{ text: 'got it', sender: { text: hulk.id.text } }]);
      expect((await second.store.conversations.loadSummary(second.conversation))?.unread).toBe(0);
      await second.messenger.close();
    });
  });
}

async function firstSent({ wire }: Person): Promise<Pick<ReliableMessage, 'envelope'>> {
  const [message] = wire.sent;
  if (message === undefined) throw new Error('expected a message');
  return message;
}
