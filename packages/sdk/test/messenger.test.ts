import { formatPackage } from '@dimp/core';
import { createMetaCommand, createPage, createText } from '@dimp/dkd';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createReceipt, GroupManager, registerGroup } from '../src/index.js';
import { introduce, next, now, type Person, person, record, settled, textOf, write } from './kit.js';

let alice: Person;
let bob: Person;
beforeEach(async () => {
  [alice, bob] = [await person('alice'), await person('bob')];
  await introduce(alice, bob);
});

describe('what is told', () => {
  it('is sorted: messages, receipts and other commands', async () => {
    const told: string[] = [];
    bob.messenger.on('message', ({ content }) => told.push(`message ${content.kind}`));
    bob.messenger.on('receipt', ({ content }) => told.push(`receipt ${content.message}`));
    bob.messenger.on('command', ({ content }) => told.push(`command ${content.command}`));
    for (const said of [
      createText('hello'),
      createPage({ url: 'http://x/', title: 'x' }),
      createReceipt('got it'),
      createMetaCommand(alice.id),
    ]) {
      await bob.messenger.processMessage(await write(alice, bob.id, said));
    }
    expect(told).toEqual(['message text', 'message page', 'receipt got it', 'command meta']);
  });

  it('can be waited for once', async () => {
    const heard = bob.messenger.once('message');
    const reason = new Error('never mind');
    await expect(bob.messenger.once('message', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await bob.messenger.processMessage(await write(alice, bob.id, 'one'));
    await bob.messenger.processMessage(await write(alice, bob.id, 'two'));
    expect(textOf(await heard)).toBe('one');
  });

  it('comes from the Facebook too', async () => {
    const { id } = await registerGroup(bob.facebook, { name: 'club', members: [alice.id] });
    const changed = next(bob, 'group-changed');
    await bob.facebook.saveMembers(id, [bob.id]);
    expect(await changed).toMatchObject({ group: { text: id.text }, removed: [{ text: alice.id.text }] });
  });
});

describe('a content', () => {
  it('to a group says so where it is signed, but a command does not', async () => {
    const { id: group } = await registerGroup(alice.facebook, { name: 'club', members: [bob.id] });
    await bob.facebook.saveMeta((await alice.facebook.loadMeta(group)) as never, group);
    await bob.facebook.saveMembers(group, [alice.id, bob.id]);
    const heard = next(bob, 'message');
    await bob.messenger.processMessage(await write(alice, group, createText('hello')));
    expect((await heard).group?.text).toBe(group.text);
    const command = next(bob, 'command');
    await bob.messenger.processMessage(await write(alice, group, createMetaCommand(alice.id)));
    expect((await command).group).toBeUndefined();
  });

  it('can be packed without being sent', async () => {
    const data = await alice.messenger.packContent(createText('by pigeon'), bob.id);
    expect(alice.wire.sent).toEqual([]);
    expect(textOf(await bob.messenger.processPackage(data))).toBe('by pigeon');
    const stranger = await person('stranger');
    await expect(alice.messenger.packContent(createText('hello'), stranger.id)).rejects.toMatchObject({
      code: 'ERR_NOT_FOUND',
    });
  });

  it('carries the time of sending and who sends', async () => {
    const message = await write(alice, bob.id, 'hello');
    expect(message.envelope).toMatchObject({ time: now, sender: alice.id, receiver: bob.id });
  });
});

describe('a profile', () => {
  it('is sent with the meta of its user', async () => {
    const carol = await person('carol', { profile: { name: 'Carol' } });
    await introduce(bob, carol);
    const dora = await person('dora');
    await dora.facebook.saveMeta(await carol.user.meta(), carol.id);
    await carol.facebook.saveMeta(await dora.user.meta(), dora.id);
    const changed = next(dora, 'profile-changed');
    const sent = await carol.messenger.sendProfile(dora.id);
    if (sent.kind !== 'sent') throw new Error(sent.kind);
    for (const message of sent.messages) await dora.messenger.processMessage(message);
    expect((await changed).profile.properties).toMatchObject({ name: 'Carol' });
    await expect(alice.messenger.sendProfile(bob.id)).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });
});

describe('packages', () => {
  it('are processed one after the other in the order in which they are handed in', async () => {
    const packages = [];
    for (const text of ['one', 'two', 'three']) {
      packages.push(formatPackage(await write(alice, bob.id, text)));
    }
    const heard = record(bob, 'message');
    await Promise.all(packages.map(data => bob.messenger.processPackage(data)));
    expect(heard.map(textOf)).toEqual(['one', 'two', 'three']);
  });

  it('that come by the transport are answered by it', async () => {
    bob.wire.deliver(await write(alice, bob.id, createMetaCommand(bob.id)));
    await settled();
    const [answer] = bob.wire.sent;
    expect(answer?.envelope.receiver.text).toBe(alice.id.text);
    expect(answer && (await alice.messenger.processMessage(answer))).toMatchObject({
      message: { content: { kind: 'meta-command', id: { text: bob.id.text } } },
    });
  });
});

describe('a content that is processed without having been received', () => {
  it('is handed to its processor', async () => {
    const message = { envelope: { sender: alice.id, receiver: bob.id, time: now }, extra: {} };
    const content = createMetaCommand(bob.id);
    const processed = await bob.messenger.processContent(content, {
      sender: alice.id,
      receiver: bob.id,
      message: { ...message, content },
      depth: 0,
    });
    expect(processed.answers).toMatchObject([{ kind: 'meta-command', id: { text: bob.id.text } }]);
  });

  it('throws when it is refused', async () => {
    const manager = new GroupManager(bob.messenger, bob.id);
    await expect(manager.quit(alice.id)).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' });
    const { id: _, ...content } = createMetaCommand(bob.id);
    const envelope = { sender: alice.id, receiver: bob.id, time: now };
    const received = {
      sender: alice.id,
      receiver: bob.id,
      message: { envelope, content, extra: {} },
      depth: 0,
    };
    await expect(bob.messenger.processContent(content, received)).rejects.toMatchObject({
      code: 'ERR_REFUSED',
    });
  });
});
