import { createText } from '@dimp/dkd';
import { describe, expect, it } from '@jest/globals';
import { Facebook, GroupManager, MemoryRelay, Messenger, registerGroup } from '../src/index.js';
import {
  introduce,
  next,
  person,
  record,
  sentMessage,
  settled,
  several,
  tell,
  textOf,
  write,
} from './kit.js';

describe('two identities on one phone', () => {
  it('each get what is for them, and answer as themselves', async () => {
    const alice = await person('alice');
    const home = await person('bob');
    const work = await person('bob-at-work', { facebook: home.facebook });
    await introduce(alice, home);
    await introduce(alice, work);
    const heard = record(home, 'message');
    for (const { id } of [work, home]) await home.messenger.processMessage(await write(alice, id, id.name));
    expect(heard.map(event => [textOf(event), event.receiver.name])).toEqual([
      ['bob-at-work', 'bob-at-work'],
      ['bob', 'bob'],
    ]);
    const answer = await write(home, alice.id, 'from work', { sender: work.id });
    expect(await alice.messenger.processMessage(answer)).toMatchObject({
      kind: 'accepted',
      message: { envelope: { sender: { name: 'bob-at-work' } } },
    });
  });

  it('introduce themselves each on their own', async () => {
    const alice = await person('alice');
    const home = await person('bob');
    const work = await person('bob-at-work', { facebook: home.facebook });
    await tell(home, alice);
    const first = await write(home, alice.id, 'hello', { sender: home.id });
    const second = await write(home, alice.id, 'hello', { sender: work.id });
    expect(first.meta).toBeDefined();
    expect(second.meta).toBeDefined();
    for (const message of [first, second]) {
      expect((await alice.messenger.processMessage(message)).kind).toBe('accepted');
    }
  });

  it('have one of them for everything that names nobody', async () => {
    const alice = await person('alice');
    const home = await person('bob');
    const work = await person('bob-at-work', { facebook: home.facebook });
    await introduce(alice, home);
    const everyone = alice.facebook.parseID('everyone@everywhere');
    const first = await home.messenger.processMessage(await write(alice, everyone, 'one'));
    expect(first).toMatchObject({ kind: 'accepted', receiver: { name: 'bob' } });
    await home.facebook.setCurrentUser(work.id);
    const second = await home.messenger.processMessage(await write(alice, everyone, 'two'));
    expect(second).toMatchObject({ kind: 'accepted', receiver: { name: 'bob-at-work' } });
    const third = await home.messenger.processMessage(await write(alice, everyone, 'three'), {
      as: home.id,
    });
    expect(third).toMatchObject({ kind: 'accepted', receiver: { name: 'bob' } });
    const sent = sentMessage(await home.messenger.sendContent(createText('hello'), alice.id));
    expect(sent.envelope.sender.name).toBe('bob-at-work');
  });

  it('share a group message that reaches the phone whole: the first member reads it', async () => {
    const alice = await person('alice');
    const home = await person('bob');
    const work = await person('bob-at-work', { facebook: home.facebook });
    await introduce(alice, work);
    const group = await registerGroup(alice.facebook, { name: 'work', members: [work.id] });
    await home.facebook.saveMeta(await group.meta(), group.id);
    await home.facebook.saveMembers(group.id, (await group.members()) ?? []);
    const whole = await write(alice, group.id, 'meeting at ten', { group: group.id });
    expect(await home.messenger.processMessage(whole)).toMatchObject({
      kind: 'accepted',
      receiver: { name: 'bob-at-work' },
    });
    const refused = await home.messenger.processMessage(whole, { as: home.id });
    expect(refused.kind).toBe('not-for-us');
  });
});

describe('a broadcast', () => {
  it('is read by everybody who knows its sender, signed but not hidden', async () => {
    const relay = new MemoryRelay();
    const people = await Promise.all(['alice', 'bob', 'carol'].map(name => person(name, { relay })));
    await introduce(...people);
    const [alice, ...others] = people;
    if (alice === undefined) throw new Error('nobody');
    const everyone = alice.facebook.parseID('everyone@everywhere');
    const heard = others.map(one => next(one, 'message'));
    const message = await write(alice, everyone, 'good morning', { group: everyone });
    expect(new TextDecoder().decode(message.data)).toContain('good morning');
    expect(message.encryptedKey).toBeUndefined();
    for (const event of await Promise.all(heard)) {
      expect(textOf(event)).toBe('good morning');
      expect(event.labels).toMatchObject({ signature: { algorithm: 'RSA' }, bound: true });
      expect(event.labels.encryption).toBeUndefined();
    }
  });

  it('is heard once, however often and under whatever broadcast address it comes', async () => {
    const [alice, bob] = [await person('alice', { bind: false }), await person('bob')];
    await introduce(alice, bob);
    const message = await write(alice, alice.facebook.parseID('everyone@everywhere'), 'once');
    expect((await bob.messenger.processMessage(message)).kind).toBe('accepted');
    const receiver = bob.facebook.parseID('anyone@anywhere');
    const elsewhere = { ...message, envelope: { ...message.envelope, receiver } };
    expect((await bob.messenger.processMessage(elsewhere)).kind).toBe('duplicate');
  });

  it('is for nobody where nobody acts', async () => {
    const alice = await person('alice');
    const facebook = new Facebook();
    await facebook.saveMeta(await alice.user.meta(), alice.id);
    const messenger = new Messenger({ facebook });
    const message = await write(alice, alice.facebook.parseID('everyone@everywhere'), 'hello?');
    expect((await messenger.processMessage(message)).kind).toBe('not-for-us');
  });
});

describe('two messengers of one Facebook', () => {
  it('both hear what changes', async () => {
    const relay = new MemoryRelay();
    const alice = await person('alice', { relay });
    const bob = await person('bob', { relay });
    const second = await person('bob-at-work', { relay, facebook: bob.facebook });
    await introduce(alice, bob);
    const changed = [next(bob, 'group-changed'), next(second, 'group-changed')];
    const commands = several(bob, 'command', 2);
    await new GroupManager(alice.messenger, alice.id).create({ name: 'pair', members: [bob.id] });
    await Promise.all(changed);
    expect((await commands).map(({ content }) => content.command)).toEqual(['meta', 'invite']);
    await settled();
    expect(second.messenger.waiting).toBe(0);
  });
});
