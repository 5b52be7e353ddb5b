import { createForward, createMetaCommand, createText, type ReliableMessage } from '@dimp/dkd';
import { NetworkType } from '@dimp/mkm';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createReceipt, MemoryConversations, registerGroup, TransportError } from '../src/index.js';
import { introduce, type Person, person, record, settled, tell, textOf, Wire, write } from './kit.js';

let conversations: MemoryConversations;
let alice: Person;
let bob: Person;
beforeEach(async () => {
  conversations = new MemoryConversations();
  [alice, bob] = [await person('alice', { conversations }), await person('bob')];
  await introduce(alice, bob);
});

/** What Alice sees of a conversation, the oldest first. */
function seen(peer: Person['id'] = bob.id): readonly (readonly [string, string])[] {
  const kept = conversations.list({ user: alice.id, peer }, { after: 0 });
  return kept.map(({ message, state }) => [textOf(message) ?? message.content.kind, state]);
}

/** Somebody says that a message came. */
async function acknowledge(by: Person, message: ReliableMessage, serialNumber: number): Promise<void> {
  const receipt = createReceipt('got it', { envelope: message.envelope, serialNumber });
  await alice.messenger.processMessage(await write(by, alice.id, receipt));
}

describe('a conversation', () => {
  it('holds what was said, with its labels, and no commands', async () => {
    const sent = await alice.messenger.sendContent(createText('hello'), bob.id);
    await alice.messenger.sendContent(createMetaCommand(bob.id), bob.id);
    for (const said of ['hello Alice', createMetaCommand(alice.id)] as const) {
      await alice.messenger.processMessage(await write(bob, alice.id, said));
    }
    expect(seen()).toEqual([
      ['hello', 'sent'],
      ['hello Alice', 'received'],
    ]);
    expect(conversations.loadSummary({ user: alice.id, peer: bob.id })).toMatchObject({
      count: 2,
      unread: 1,
    });
    const [received] = conversations.list({ user: alice.id, peer: bob.id });
    expect(received?.labels).toMatchObject({ bound: true, signature: { algorithm: 'RSA' } });
    expect(sent).toMatchObject({ kind: 'sent', place: { peer: { text: bob.id.text } } });
  });

  it('is told with what came: where it stands', async () => {
    const heard = record(alice, 'message');
    const outcome = await alice.messenger.processMessage(await write(bob, alice.id, 'hello'));
    const [received] = conversations.list({ user: alice.id, peer: bob.id });
    expect(outcome).toMatchObject({ place: { number: received?.number } });
    expect(heard).toMatchObject([{ place: { number: received?.number } }]);
  });

  it('of a group is the group’s, whoever speaks', async () => {
    const group = await registerGroup(alice.facebook, { name: 'club', members: [bob.id] });
    await bob.facebook.saveMeta(await group.meta(), group.id);
    await bob.facebook.saveMembers(group.id, [alice.id, bob.id]);
    await alice.messenger.sendContent(createText('hello all'), group.id);
    await alice.messenger.processMessage(await write(bob, group.id, 'hello', { group: group.id }));
    expect(seen(group.id)).toEqual([
      ['hello all', 'sent'],
      ['hello', 'received'],
    ]);
    expect(seen()).toEqual([]);
  });

  it('holds what came inside of forwards, and not the forwards', async () => {
    const carol = await person('carol');
    await introduce(alice, bob, carol);
    const inner = await write(bob, alice.id, 'from Bob');
    await alice.messenger.processMessage(await write(carol, alice.id, createForward(inner)));
    expect(seen()).toEqual([['from Bob', 'received']]);
    expect(seen(carol.id)).toEqual([]);
  });

  it('does not hold what the application did not keep', async () => {
    const shy = await person('alice', { conversations, saveMessage: () => false });
    await introduce(shy, bob);
    await shy.messenger.processMessage(await write(bob, alice.id, 'hello'));
    expect(seen()).toEqual([]);
  });

  it('says why a message failed, and which waits', async () => {
    const wire = new Wire();
    const error = new TransportError('no connection');
    wire.send = () => {
      throw error;
    };
    const cut = await person('alice', { conversations, transport: wire });
    await introduce(cut, bob);
    const states = record(cut, 'message-state');
    await cut.messenger.sendContent(createText('hello'), bob.id);
    const stranger = await person('stranger');
    await cut.messenger.sendContent(createText('who are you?'), stranger.id);
    const emma = await person('emma', { algorithm: 'ECC', profile: { name: 'Emma' } });
    await introduce(cut, emma);
    await cut.messenger.sendContent(createText('hello Emma'), emma.id);
    expect(seen()).toEqual([['hello', 'failed']]);
    expect(conversations.list({ user: alice.id, peer: bob.id })[0]?.failure).toEqual({
      code: 'ERR_TRANSPORT',
      reason: 'no connection',
    });
    expect(seen(stranger.id)).toEqual([['who are you?', 'queued']]);
    expect(seen(emma.id)).toEqual([['hello Emma', 'failed']]);
    expect(states).toMatchObject([{ state: 'failed', failure: { code: 'ERR_TRANSPORT' } }]);
  });

  it('has each message once when it goes out after waiting', async () => {
    const stranger = await person('stranger');
    await alice.messenger.sendContent(createText('who are you?'), stranger.id);
    await tell(alice, stranger);
    await settled();
    expect(seen(stranger.id)).toEqual([['who are you?', 'sent']]);
  });
});

describe('a receipt', () => {
  it('is matched by serial number and receiver', async () => {
    const states = record(alice, 'message-state');
    const first = await write(alice, bob.id, createText('one', { serialNumber: 11 }));
    await write(alice, bob.id, createText('two', { serialNumber: 12 }));
    await acknowledge(bob, first, 11);
    await acknowledge(bob, first, 99);
    expect(seen()).toEqual([
      ['one', 'received'],
      ['two', 'sent'],
    ]);
    expect(states.map(({ state }) => state)).toEqual(['sent', 'sent', 'received']);
    const [, kept] = conversations.list({ user: alice.id, peer: bob.id });
    expect(kept?.receipts).toMatchObject([{ sender: { text: bob.id.text }, text: 'got it' }]);
  });

  it('of somebody else is not believed', async () => {
    const mallory = await person('mallory');
    await introduce(alice, bob, mallory);
    const message = await write(alice, bob.id, createText('one', { serialNumber: 11 }));
    await acknowledge(mallory, message, 11);
    expect(seen()).toEqual([['one', 'sent']]);
  });

  it('of a station says that it was delivered, if it says which', async () => {
    const station = await person('station', { network: NetworkType.station });
    await introduce(alice, bob, station);
    const message = await write(alice, bob.id, createText('one', { serialNumber: 11 }));
    const other = { ...message, envelope: { ...message.envelope, receiver: station.id } };
    await acknowledge(station, other, 11);
    expect(seen()).toEqual([['one', 'sent']]);
    await acknowledge(station, message, 11);
    expect(seen()).toEqual([['one', 'delivered']]);
    await acknowledge(bob, message, 11);
    await acknowledge(station, message, 11);
    expect(seen()).toEqual([['one', 'received']]);
  });

  it('of a member counts for a group', async () => {
    const carol = await person('carol');
    await introduce(alice, bob, carol);
    const group = await registerGroup(alice.facebook, { name: 'club', members: [bob.id] });
    const message = await write(alice, group.id, createText('one', { serialNumber: 11 }));
    await acknowledge(carol, message, 11);
    expect(seen(group.id)).toEqual([['one', 'sent']]);
    await acknowledge(bob, message, 11);
    expect(seen(group.id)).toEqual([['one', 'received']]);
  });
});
