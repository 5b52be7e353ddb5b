import { createMetaCommand, createText } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  Facebook,
  MemoryArchive,
  Messenger,
  type Missing,
  registerGroup,
  rotateProfileKey,
} from '../src/index.js';
import {
  codeOf,
  deferred,
  introduce,
  next,
  now,
  person,
  protocol,
  record,
  sentMessage,
  settled,
  several,
  tell,
  textOf,
  write,
} from './kit.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('a message to somebody whose meta is not here', () => {
  it('waits, and goes out by itself when the meta comes', async () => {
    const asked: Missing[] = [];
    const alice = await person('alice', { resolver: { request: missing => void asked.push(missing) } });
    const bob = await person('bob');
    for (const text of ['one', 'two']) {
      const sent = await alice.messenger.sendContent(createText(text), bob.id);
      expect(sent).toMatchObject({ kind: 'suspended', waitingFor: { text: bob.id.text } });
    }
    expect(alice.wire.sent).toEqual([]);
    const resumed = several(alice, 'resumed', 2);
    await tell(alice, bob);
    const outcomes = await resumed;
    expect(outcomes).toMatchObject([
      { direction: 'out', outcome: { kind: 'sent' } },
      { direction: 'out', outcome: { kind: 'sent' } },
    ]);
    expect(asked).toMatchObject([{ what: 'meta', id: { text: bob.id.text } }]);
    expect(alice.wire.sent).toHaveLength(2);
    const texts = [];
    for (const message of alice.wire.sent) texts.push(textOf(await bob.messenger.processMessage(message)));
    expect(texts).toEqual(['one', 'two']);
  });

  it('ends when it does not come in time, and the application is told', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate'] });
    const alice = await person('alice', { waiting: { patience: 5 } });
    const bob = await person('bob');
    const rejected = record(alice, 'rejected');
    await alice.messenger.sendContent(createText('one'), bob.id);
    jest.advanceTimersByTime(5000);
    expect(rejected).toMatchObject([
      { direction: 'out', error: { code: 'ERR_WAITING_EXPIRED', id: bob.id.text } },
    ]);
    expect(rejected[0]?.message).toHaveProperty('content.text', 'one');
  });

  it('does not wait for a meta that came while the message was on its way to the waiting room', async () => {
    const looked = deferred();
    const bob = await person('bob');
    const archive = new MemoryArchive();
    const load = archive.loadMeta.bind(archive);
    // it takes its time to say that a meta is not there
    const slowly = async (id: ID): Promise<unknown> => {
      const meta = load(id);
      if (meta === undefined && id.key === bob.id.key) await looked.promise;
      return meta;
    };
    jest.spyOn(archive, 'loadMeta').mockImplementation(slowly as never);
    const facebook = new Facebook({ protocol, archive, clock: () => now });
    const alice = await person('alice', { facebook });
    const resumed = next(alice, 'resumed');
    const sending = alice.messenger.sendContent(createText('one'), bob.id);
    await settled();
    const telling = tell(alice, bob);
    await settled();
    looked.resolve();
    await telling;
    expect((await sending).kind).toBe('suspended');
    expect(await resumed).toMatchObject({ direction: 'out', outcome: { kind: 'sent' } });
    expect(alice.messenger.waiting).toBe(0);
  });
});

describe('a message to somebody whose key only signs', () => {
  it('waits for the profile that names a key for encryption', async () => {
    const asked: Missing[] = [];
    const alice = await person('alice', { resolver: { request: missing => void asked.push(missing) } });
    const emma = await person('emma', { algorithm: 'ECC' });
    await introduce(alice, emma);
    const sent = await alice.messenger.sendContent(createText('hello'), emma.id);
    expect(sent).toMatchObject({ kind: 'suspended', waitingFor: { text: emma.id.text } });
    await settled();
    expect(asked).toMatchObject([{ what: 'profile', id: { text: emma.id.text } }]);

    const resumed = next(alice, 'resumed');
    await rotateProfileKey(emma.facebook, emma.id, { bits: 1024 });
    await tell(alice, emma);
    await resumed;
    const [message] = alice.wire.sent;
    if (message === undefined) throw new Error('nothing was sent');
    const received = await emma.messenger.processMessage(message);
    expect(textOf(received)).toBe('hello');
    expect(received).toMatchObject({ labels: { encryption: { wrap: { algorithm: 'RSA', bits: 1024 } } } });

    // and her own messages are signed with the key of her meta
    const answer = await alice.messenger.processMessage(await write(emma, alice.id, 'hello Alice'));
    expect(answer).toMatchObject({ labels: { signature: { algorithm: 'ECC', bits: 256 } } });
  });

  it('fails when the profile names none', async () => {
    const alice = await person('alice');
    const emma = await person('emma', { algorithm: 'ECC', profile: { name: 'Emma' } });
    await introduce(alice, emma);
    const sent = await alice.messenger.sendContent(createText('hello'), emma.id);
    expect(codeOf(sent)).toBe('ERR_UNSUPPORTED');
    expect(alice.messenger.waiting).toBe(0);
  });

  it('leaves her out of a group, and asks for the profile', async () => {
    const asked: Missing[] = [];
    const alice = await person('alice', { resolver: { request: missing => void asked.push(missing) } });
    const emma = await person('emma', { algorithm: 'ECC' });
    await introduce(alice, emma);
    const group = await registerGroup(alice.facebook, { name: 'pair', members: [emma.id] });
    for (const text of ['one', 'two']) {
      const sent = await alice.messenger.sendContent(createText(text, { group: group.id }), group.id);
      expect(sent).toMatchObject({ kind: 'sent', missing: [{ text: emma.id.text }] });
    }
    await settled();
    expect(asked).toMatchObject([{ what: 'profile', id: { text: emma.id.text } }]);
  });

  it('waits for her profile when nobody else is in the group', async () => {
    const asked: Missing[] = [];
    const alice = await person('alice', { resolver: { request: missing => void asked.push(missing) } });
    const emma = await person('emma', { algorithm: 'ECC' });
    await introduce(alice, emma);
    const group = await registerGroup(alice.facebook, { name: 'hers' });
    await alice.facebook.saveMembers(group.id, [emma.id]);
    const resumed = next(alice, 'resumed');
    const sent = await alice.messenger.sendContent(createText('hello', { group: group.id }), group.id);
    expect(sent).toMatchObject({ kind: 'suspended', waitingFor: { text: emma.id.text } });
    await rotateProfileKey(emma.facebook, emma.id, { bits: 1024 });
    await tell(alice, emma);
    expect(await resumed).toMatchObject({ outcome: { kind: 'sent', missing: [] } });
    expect(asked.map(({ what }) => what)).toEqual(['profile']);
  });
});

describe('a message to a group of which nothing is here', () => {
  it('waits for its meta, then for its members', async () => {
    const asked: Missing[] = [];
    const alice = await person('alice', { resolver: { request: missing => void asked.push(missing) } });
    const bob = await person('bob');
    await introduce(alice, bob);
    const group = await registerGroup(bob.facebook, { name: 'friends', members: [alice.id] });
    const waited = several(alice, 'suspended', 2);
    await alice.messenger.sendContent(createText('hello', { group: group.id }), group.id);
    await alice.facebook.saveMeta(await group.meta(), group.id);
    await waited;
    await settled();
    expect(asked.map(({ what, id }) => [what, id.text])).toEqual([
      ['meta', group.id.text],
      ['members', group.id.text],
    ]);
    const went = next(alice, 'resumed', ({ outcome }) => outcome.kind === 'sent');
    await alice.facebook.saveMembers(group.id, [bob.id, alice.id]);
    expect((await went).outcome).toMatchObject({ kind: 'sent', missing: [] });
  });
});

describe('an answer to somebody whose key only signs', () => {
  it('waits for his profile and is sent by itself', async () => {
    const alice = await person('alice');
    const emma = await person('emma', { algorithm: 'ECC' });
    await introduce(alice, emma);
    const suspended = next(alice, 'suspended');
    const question = createMetaCommand(emma.id);
    const received = await alice.messenger.processMessage(await write(emma, alice.id, question));
    expect(received).toMatchObject({ kind: 'accepted', replies: [] });
    expect(await suspended).toMatchObject({ direction: 'out', waitingFor: { text: emma.id.text } });
    const resumed = next(alice, 'resumed');
    await rotateProfileKey(emma.facebook, emma.id, { bits: 1024 });
    await tell(alice, emma);
    const { outcome } = await resumed;
    if (outcome.kind !== 'sent') throw new Error(`expected sent, got ${outcome.kind}`);
    const answer = await emma.messenger.processMessage(sentMessage(outcome));
    expect(answer).toMatchObject({ kind: 'accepted', message: { content: { kind: 'meta-command' } } });
  });

  it('is told to be missing when there is no transport by which it could go later', async () => {
    const alice = await person('alice');
    const emma = await person('emma', { algorithm: 'ECC' });
    await introduce(alice, emma);
    const silent = new Messenger({ facebook: alice.facebook });
    const rejected = next({ messenger: silent }, 'rejected');
    await silent.processMessage(await write(emma, alice.id, createMetaCommand(emma.id)));
    expect(await rejected).toMatchObject({ direction: 'out', error: { code: 'ERR_NOT_FOUND' } });
  });
});
