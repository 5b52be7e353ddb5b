import { createMetaCommand, createText } from '@dimp/dkd';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  MemoryConversations,
  MemoryOutbox,
  MemoryWaitingList,
  type MessengerOptions,
  registerGroup,
  TransportError,
} from '../src/index.js';
import {
  crowd,
  deferred,
  introduce,
  type Person,
  person,
  record,
  settled,
  tell,
  textOf,
  Wire,
  write,
} from './kit.js';

/** A wire that can be cut, or hang. */
class FragileWire extends Wire {
  isCut = false;
  hang: Promise<void> | undefined;
  /** Texts of errors for the next packages. */
  readonly refusals: TransportError[] = [];

  override async send(data: Uint8Array): Promise<void> {
    await this.hang;
    const refusal = this.refusals.shift();
    if (refusal !== undefined) throw refusal;
    if (this.isCut) throw new TransportError('The wire is cut.');
    super.send(data);
  }
}

let outbox: MemoryOutbox;
let conversations: MemoryConversations;
let wire: FragileWire;
let alice: Person;
let bob: Person;

const say = (text: string, to: Person = bob) => alice.messenger.sendContent(createText(text), to.id);

beforeEach(async () => {
  outbox = new MemoryOutbox();
  conversations = new MemoryConversations();
  wire = new FragileWire();
  [alice, bob] = [await newAlice(), await person('bob')];
  await introduce(alice, bob);
});

function newAlice(options: MessengerOptions = {}): Promise<Person> {
  return person('alice', { outbox, conversations, transport: wire, ...options });
}

/** What Bob reads on the wire. */
async function arrived(): Promise<readonly (string | undefined)[]> {
  const texts = [];
  for (const message of wire.sent.splice(0)) {
    const outcome = await bob.messenger.processMessage(message);
    texts.push(outcome.kind === 'accepted' ? textOf(outcome) : outcome.kind);
  }
  return texts;
}

function states(peer: Person = bob): readonly string[] {
  return conversations.list({ user: alice.id, peer: peer.id }, { after: 0 }).map(({ state }) => state);
}

describe('an outbox', () => {
  it('lets messages through in the order in which they were sent, also large ones', async () => {
    const group = await registerGroup(alice.facebook, {
      name: 'many',
      members: [bob.id, ...(await crowd(60, [alice.facebook]))],
    });
    await bob.facebook.saveMeta(await group.meta(), group.id);
    await bob.facebook.saveMembers(group.id, [alice.id, bob.id]);
    const sent = await Promise.all([
      alice.messenger.sendContent(createText('to all', { group: group.id }), group.id),
      say('one'),
      say('two'),
    ]);
    expect(sent.map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);
    expect(await arrived()).toEqual(['to all', 'one', 'two']);
    expect(outbox.list()).toEqual([]);
  });

  it('keeps what the transport does not take, and sends it with the next message', async () => {
    wire.isCut = true;
    const queued = [await say('one'), await say('two')];
    expect(queued).toMatchObject([
      { kind: 'queued', error: { code: 'ERR_TRANSPORT' }, place: {} },
      { kind: 'queued' },
    ]);
    expect(outbox.list()).toHaveLength(2);
    expect(states()).toEqual(['queued', 'queued']);
    wire.isCut = false;
    const told = record(alice, 'message-state');
    expect((await say('three')).kind).toBe('sent');
    expect(await arrived()).toEqual(['one', 'two', 'three']);
    expect(states()).toEqual(['sent', 'sent', 'sent']);
    expect(told.map(({ state, place }) => [state, place.peer.text])).toEqual(
      ['one', 'two', 'three'].map(() => ['sent', bob.id.text]),
    );
  });

  it('goes on when it is told to, as after a new connection', async () => {
    wire.isCut = true;
    await say('one');
    await alice.messenger.resume();
    expect(outbox.list()).toHaveLength(1);
    wire.isCut = false;
    await alice.messenger.resume();
    expect(await arrived()).toEqual(['one']);
    await alice.messenger.resume();
    expect(await arrived()).toEqual([]);
  });

  it('gives up what no transport will take, and goes on', async () => {
    wire.refusals.push(new TransportError('too large', { isFinal: true }));
    const sent = await Promise.all([say('one'), say('two')]);
    expect(sent).toMatchObject([{ kind: 'failed', error: { message: 'too large' } }, { kind: 'sent' }]);
    expect(await arrived()).toEqual(['two']);
    expect(states()).toEqual(['failed', 'sent']);
    expect(outbox.list()).toEqual([]);
  });

  it('keeps the reason that a station gives for a refusal with the message', async () => {
    const refusal = { code: 'ERR_BLOCKED', isFinal: true };
    wire.refusals.push(new TransportError('Bob wants nothing from you.', refusal));
    expect(await say('one')).toMatchObject({ kind: 'failed', error: refusal });
    const [kept] = conversations.list({ user: alice.id, peer: bob.id });
    expect(kept).toMatchObject({
      state: 'failed',
      failure: { code: 'ERR_BLOCKED', reason: 'Bob wants nothing from you.' },
    });
  });

  it('keeps what is to be tried later, and tells when', async () => {
    wire.refusals.push(new TransportError('Too many at once.', { code: 'ERR_BUSY', retryAfter: 30 }));
    const queued = await say('one');
    expect(queued).toMatchObject({ kind: 'queued', error: { code: 'ERR_BUSY', retryAfter: 30 } });
    expect(states()).toEqual(['queued']);
    await alice.messenger.resume();
    expect([await arrived(), states()]).toEqual([['one'], ['sent']]);
  });

  it('gives up what was broken off while it waited for its turn', async () => {
    const gate = deferred();
    wire.hang = gate.promise;
    const controller = new AbortController();
    const first = say('one');
    const second = alice.messenger.sendContent(createText('two'), bob.id, { signal: controller.signal });
    const third = say('three');
    await settled();
    const reason = new Error('never mind');
    controller.abort(reason);
    gate.resolve();
    await expect(second).rejects.toBe(reason);
    expect([(await first).kind, (await third).kind]).toEqual(['sent', 'sent']);
    expect(await arrived()).toEqual(['one', 'three']);
    expect(states()).toEqual(['sent', 'failed', 'sent']);
  });

  it('also of what the transport has and does not let go', async () => {
    wire.hang = new Promise(() => undefined);
    const controller = new AbortController();
    const sending = alice.messenger.sendContent(createText('one'), bob.id, { signal: controller.signal });
    await settled();
    controller.abort(new Error('too slow'));
    await expect(sending).rejects.toThrow('too slow');
    expect(outbox.list()).toEqual([]);
  });

  it('sends each part of a message that was split, and all of them count', async () => {
    const group = await registerGroup(alice.facebook, {
      name: 'few',
      members: [bob.id, ...(await crowd(2, [alice.facebook]))],
    });
    wire.refusals.push(new TransportError('cut'), new TransportError('cut'));
    const content = createText('to all', { group: group.id });
    const sent = await alice.messenger.sendContent(content, group.id, { split: true });
    expect(sent.kind).toBe('queued');
    expect(outbox.list()).toHaveLength(3);
    await alice.messenger.resume();
    await alice.messenger.resume();
    expect(outbox.list()).toEqual([]);
    expect(wire.sent).toHaveLength(3);
    const [kept] = conversations.list({ user: alice.id, peer: group.id });
    expect(kept?.state).toBe('sent');
    const alone = await registerGroup(alice.facebook, { name: 'alone' });
    const nothing = await alice.messenger.sendContent(createText('hm'), alone.id, { split: true });
    expect(nothing).toMatchObject({ kind: 'sent', messages: [] });
    expect(conversations.list({ user: alice.id, peer: alone.id })[0]?.state).toBe('sent');
  });

  it('takes the answers, too', async () => {
    wire.isCut = true;
    wire.deliver(await write(bob, alice.id, createMetaCommand(alice.id)));
    await settled();
    expect(outbox.list()).toHaveLength(1);
    wire.isCut = false;
    await alice.messenger.resume();
    const [answer] = wire.sent;
    expect(answer && (await bob.messenger.processMessage(answer))).toMatchObject({
      kind: 'accepted',
      message: { content: { kind: 'meta-command' } },
    });
  });
});

describe('a messenger that is closed', () => {
  it('leaves in the outbox what the transport does not let go, for the next one', async () => {
    wire.hang = new Promise(() => undefined);
    const sending = say('one');
    await settled();
    await alice.messenger.close();
    expect(await sending).toMatchObject({ kind: 'queued', error: { code: 'ERR_TRANSPORT' } });
    wire.hang = undefined;
    const later = await newAlice({ facebook: alice.facebook });
    await later.messenger.resume();
    expect(await arrived()).toEqual(['one']);
  });

  it('leaves on the waiting list what waits, and the next one goes on with it', async () => {
    const waitingList = new MemoryWaitingList();
    await alice.messenger.close();
    const first = await newAlice({ facebook: alice.facebook, waitingList });
    const rejected = record(first, 'rejected');
    const carol = await person('carol', { attachMeta: 'never' });
    await carol.facebook.saveMeta(await alice.user.meta(), alice.id);
    await first.messenger.sendContent(createText('who are you?'), carol.id);
    await first.messenger.processMessage(await write(carol, alice.id, 'it is me'));
    await first.messenger.close();
    expect([rejected, first.messenger.waiting]).toEqual([[], 0]);
    expect(waitingList.list().map(({ direction }) => direction)).toEqual(['out', 'in']);

    const second = await newAlice({ facebook: alice.facebook, waitingList });
    const heard = record(second, 'message');
    await second.messenger.resume();
    await second.messenger.resume();
    expect(second.messenger.waiting).toBe(2);
    await tell(second, carol);
    await settled();
    expect(heard.map(textOf)).toEqual(['it is me']);
    expect(wire.sent.map(({ envelope }) => envelope.receiver.text)).toEqual([carol.id.text]);
    expect(waitingList.list()).toEqual([]);
    expect(states(carol)).toEqual(['sent', 'received']);
  });
});
