import { oneKeyPolicy } from '@dimp/core';
import { createMetaCommand, createText } from '@dimp/dkd';
import { Facebook, GroupManager } from '@dimp/sdk';
import { describe, expect, it } from '@jest/globals';
import type { Store } from '../src/index.js';
import { spaceOf } from '../src/spaces.js';
import { newStore, Recorder } from './kit.js';
import {
  deferred,
  outcomeOf,
  type Person,
  person,
  record,
  settled,
  textOf,
  Wire,
  writings,
} from './people.js';

/** Moki over a recorder, who does not know Hulk, and Hulk, who is there only to write. */
async function scene(): Promise<{ hulk: Person; moki: Person; store: Store; recorder: Recorder }> {
  const recorder = new Recorder();
  const store = await newStore({ database: recorder });
  const hulk = await person('hulk');
  const moki = await person('moki', { store, knows: ['moki'] });
  await settled();
  recorder.batches.length = 0;
  recorder.done = 0;
  return { hulk, moki, store, recorder };
}

const anyoneElse = new Facebook().parseID('anna@4FteCgYB8ANEQVYVvVxcRC9kxmEJg72jTH');

const spacesIn = ({ operations }: Recorder['batches'][number]): readonly string[] =>
  operations.map(({ key }) => String(spaceOf(key))).sort();

describe('what one message changes', () => {
  it('is one synced batch: meta, key, replay, message, conversation', async () => {
    const { hulk, moki, recorder } = await scene();
    const [message] = await writings(hulk, moki.id, ['hello']);
    expect(outcomeOf(await moki.messenger.processMessage(message as never))).toBe('accepted');
    expect(recorder.batches.map(spacesIn)).toEqual([
      ['conversation', 'key turn', 'message', 'message key', 'meta', 'replay tail'],
    ]);
    expect(recorder.batches.every(({ sync }) => sync)).toBe(true);
    expect((await moki.facebook.loadMeta(hulk.id))?.seed).toBe('hulk');
  });

  it('is one with its answers, which go out after that', async () => {
    const { hulk, moki, recorder } = await scene();
    const gate = deferred();
    await hulk.messenger.sendContent(createMetaCommand(moki.id), moki.id);
    recorder.gate = gate.promise;
    moki.wire.deliver(...hulk.wire.sent);
    await settled();
    expect(recorder.batches.map(spacesIn)).toEqual([
      ['key turn', 'key turn', 'message key', 'message key', 'meta', 'outbox', 'replay tail'],
    ]);
    expect(moki.wire.sent).toEqual([]);
    recorder.gate = undefined;
    gate.resolve();
    await settled();
    expect(moki.wire.sent).toHaveLength(1);
    expect(recorder.batches.slice(1).map(spacesIn)).toEqual([['outbox']]);
  });

  it('of a sent one is one batch before it goes out, and one after', async () => {
    const { hulk, moki, recorder } = await scene();
    await moki.messenger.processMessage((await writings(hulk, moki.id, ['hello']))[0] as never);
    recorder.batches.length = 0;
    const sent = await moki.messenger.sendContent(createText('hello Hulk'), hulk.id);
    expect(sent).toMatchObject({ kind: 'sent', place: { peer: { text: hulk.id.text } } });
    expect(recorder.batches.map(spacesIn)).toEqual([
      ['conversation', 'key turn', 'message', 'message key', 'outbox', 'sent message'],
      ['message', 'outbox'],
    ]);
  });
});

describe('a group that loses a member', () => {
  it('loses its message key in the same batch, and that is told after', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder, policy: oneKeyPolicy });
    const hulk = await person('hulk');
    const moki = await person('moki', { store });
    const { group, members } = await new GroupManager(hulk.messenger, hulk.id).create({
      name: 'club',
      members: [moki.id, anyoneElse],
    });
    for (const message of hulk.wire.sent.splice(0)) await moki.messenger.processMessage(message);
    expect(members).toHaveLength(3);
    await moki.messenger.sendContent(createText('hello all'), group);
    expect(await store.keyStore.loadKey(moki.id, group)).toBeDefined();

    await new GroupManager(hulk.messenger, hulk.id).expel(group, [anyoneElse]);
    await settled();
    recorder.batches.length = 0;
    const gate = deferred();
    recorder.gate = gate.promise;
    const changed = record(moki, 'group-changed');
    void moki.messenger.processMessage(
      hulk.wire.sent.find(({ envelope }) => envelope.receiver.key === moki.id.key) as never,
    );
    await settled();
    expect(recorder.batches.map(spacesIn)).toEqual([
      ['key turn', 'members', 'message key', 'message key', 'replay tail'],
    ]);
    expect(changed).toEqual([]);
    recorder.gate = undefined;
    gate.resolve();
    await settled();
    expect(changed).toMatchObject([{ removed: [{ text: anyoneElse.text }] }]);
    expect(await store.keyStore.loadKey(moki.id, group)).toBeUndefined();
  });
});

describe('nothing is reported before it is on disk', () => {
  it('of what comes in: outcomes, events and profiles', async () => {
    const { hulk, moki, recorder } = await scene();
    const messages = await writings(hulk, moki.id, ['one', 'two', 'three', 'four']);
    const heard = record(moki, 'message');
    const outcomes: string[] = [];
    let gate = deferred();
    recorder.gate = gate.promise;
    for (const message of messages) {
      void moki.messenger.processMessage(message).then(outcome => outcomes.push(textOf(outcome)));
    }
    await settled();
    // the first is on its way to disk, the others were processed meanwhile and wait for the next batch
    expect(recorder.batches).toHaveLength(1);
    expect(heard).toEqual([]);
    expect(outcomes).toEqual([]);

    const second = deferred();
    recorder.gate = second.promise;
    gate.resolve();
    await settled();
    expect(recorder.done).toBe(1);
    expect(heard.map(textOf)).toEqual(['one']);
    expect(outcomes).toEqual(['one']);
    expect(recorder.batches).toHaveLength(2);

    gate = second;
    gate.resolve();
    await settled();
    expect(recorder.done).toBe(2);
    expect(heard.map(textOf)).toEqual(['one', 'two', 'three', 'four']);
    expect(outcomes).toEqual(['one', 'two', 'three', 'four']);
  });

  it('also not that a message was a repeat, or waits', async () => {
    const { hulk, moki, recorder } = await scene();
    const [message] = await writings(hulk, moki.id, ['one']);
    const silent = await person('hulk', { attachMeta: 'never' });
    const [stranger] = await writings(silent, moki.id, ['who is this?']);
    const gate = deferred();
    recorder.gate = gate.promise;
    const outcomes: string[] = [];
    for (const one of [stranger, message, message]) {
      void moki.messenger.processMessage(one as never).then(outcome => outcomes.push(outcomeOf(outcome)));
    }
    await settled();
    expect(outcomes).toEqual([]);
    gate.resolve();
    await settled();
    expect(outcomes).toEqual(['suspended', 'accepted', 'duplicate']);
  });

  it('of what is sent: it neither goes out nor is it sent', async () => {
    const { hulk, moki, recorder } = await scene();
    await moki.messenger.processMessage((await writings(hulk, moki.id, ['hello']))[0] as never);
    const first = deferred();
    recorder.gate = first.promise;
    const outcomes: string[] = [];
    const states = record(moki, 'message-state');
    const sending = moki.messenger.sendContent(createText('hello Hulk'), hulk.id);
    void sending.then(sent => outcomes.push(outcomeOf(sent)));
    await settled();
    expect(moki.wire.sent).toEqual([]);
    const second = deferred();
    recorder.gate = second.promise;
    first.resolve();
    await settled();
    expect(moki.wire.sent).toHaveLength(1);
    expect([outcomes, states]).toEqual([[], []]);
    second.resolve();
    await settled();
    expect(outcomes).toEqual(['sent']);
    expect(states).toMatchObject([{ state: 'sent' }]);
  });

  it('and a burst costs few batches', async () => {
    const { hulk, moki, recorder } = await scene();
    const messages = await writings(
      hulk,
      moki.id,
      Array.from({ length: 60 }, (_, i) => `message ${i}`),
    );
    const heard = record(moki, 'message');
    const outcomes = await Promise.all(messages.map(message => moki.messenger.processMessage(message)));
    expect(outcomes.map(outcomeOf)).toEqual(messages.map(() => 'accepted'));
    expect(heard.map(textOf)).toEqual(messages.map((_, i) => `message ${i}`));
    expect(recorder.batches.length).toBeLessThan(30);
  });
});

describe('a batch that fails', () => {
  it('makes its messages rejected with the reason, and nothing of them is known', async () => {
    const { hulk, moki, store, recorder } = await scene();
    const messages = await writings(hulk, moki.id, ['one', 'two', 'three']);
    const heard = record(moki, 'message');
    const rejected = record(moki, 'rejected');
    const gate = deferred();
    recorder.gate = gate.promise;
    recorder.endings = [Object.assign(new Error('write'), { code: 'ENOSPC' })];
    const outcomes = messages.map(message => moki.messenger.processMessage(message));
    await settled();
    recorder.gate = undefined;
    gate.resolve();
    expect((await Promise.all(outcomes)).map(outcomeOf)).toEqual(messages.map(() => 'ERR_STORE_FULL'));
    expect(rejected.map(({ error, message }) => [error.code, message])).toEqual(
      messages.map(message => ['ERR_STORE_FULL', message]),
    );
    expect(heard).toEqual([]);
    const conversation = { user: moki.id, peer: hulk.id };
    expect(await store.conversations.loadSummary(conversation)).toBeUndefined();
    // memory and disk agree: the meta that came with the first is not known either
    expect(await moki.facebook.loadMeta(hulk.id)).toBeUndefined();
    expect(await store.archive.loadMeta(hulk.id)).toBeUndefined();

    const again = [];
    for (const message of messages) again.push(outcomeOf(await moki.messenger.processMessage(message)));
    expect(again).toEqual(['accepted', 'accepted', 'accepted']);
    expect(heard.map(textOf)).toEqual(['one', 'two', 'three']);
    expect((await store.conversations.loadSummary(conversation))?.unread).toBe(3);
  });

  it('makes a message that was to be sent fail, and it does not go out', async () => {
    const { hulk, moki, store, recorder } = await scene();
    await moki.messenger.processMessage((await writings(hulk, moki.id, ['hello']))[0] as never);
    recorder.endings = [new Error('broken')];
    const sent = await moki.messenger.sendContent(createText('one'), hulk.id);
    expect(outcomeOf(sent)).toBe('ERR_STORE_WRITE');
    expect(moki.wire.sent).toEqual([]);
    expect(await store.outbox.list()).toEqual([]);
    expect(outcomeOf(await moki.messenger.sendContent(createText('two'), hulk.id))).toBe('sent');
    const kept = await store.conversations.list({ user: moki.id, peer: hulk.id });
    expect(kept.map(textOf)).toEqual(['two', 'hello']);
  });

  it('after a package went out leaves it in the outbox: its receiver knows a repeat', async () => {
    const { hulk, moki, store, recorder } = await scene();
    await moki.messenger.processMessage((await writings(hulk, moki.id, ['hello']))[0] as never);
    const states = record(moki, 'message-state');
    recorder.endings = ['pass', new Error('broken')];
    const sent = await moki.messenger.sendContent(createText('one'), hulk.id);
    expect(sent).toMatchObject({ kind: 'queued', error: { code: 'ERR_STORE_WRITE' } });
    expect(moki.wire.sent).toHaveLength(1);
    expect(await store.outbox.list()).toHaveLength(1);
    await moki.messenger.resume();
    await settled();
    expect(moki.wire.sent).toHaveLength(2);
    expect(await store.outbox.list()).toEqual([]);
    expect(states).toMatchObject([{ state: 'sent' }]);
    const outcomes = [];
    for (const message of moki.wire.sent) {
      outcomes.push(outcomeOf(await hulk.messenger.processMessage(message)));
    }
    expect(outcomes).toEqual(['accepted', 'duplicate']);
  });
});

describe('a refused message', () => {
  it('leaves nothing behind but the meta that came with it', async () => {
    const { hulk, moki, store } = await scene();
    const { id, ...command } = createMetaCommand(hulk.id);
    expect(id).toBeDefined();
    await hulk.messenger.sendContent(command as never, moki.id);
    const [message] = hulk.wire.sent;
    expect(outcomeOf(await moki.messenger.processMessage(message as never))).toBe('ERR_REFUSED');
    expect((await moki.facebook.loadMeta(hulk.id))?.seed).toBe('hulk');
    const { records } = await store.verify();
    expect([records.get('meta'), records.get('replay tail'), records.get('message key')]).toEqual([
      2,
      undefined,
      undefined,
    ]);
  });
});

describe('ports that are given beside a store', () => {
  it('are used as they are', async () => {
    const recorder = new Recorder();
    const store = await newStore({ database: recorder });
    const facebook = new Facebook();
    const moki = await person('moki', { store, facebook, replay: false, wire: new Wire() });
    const hulk = await person('hulk');
    const [message] = await writings(hulk, moki.id, ['hello']);
    const outcomes = [];
    for (let i = 0; i < 2; i++) {
      outcomes.push(outcomeOf(await moki.messenger.processMessage(message as never)));
    }
    expect(outcomes).toEqual(['accepted', 'accepted']);
    expect(await store.archive.loadMeta(hulk.id)).toBeUndefined();
    expect((await facebook.loadMeta(hulk.id))?.seed).toBe('hulk');
    expect((await store.conversations.loadSummary({ user: moki.id, peer: hulk.id }))?.count).toBe(2);
  });
});
