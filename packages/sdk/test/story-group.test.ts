import { MemoryKeyStore } from '@dimp/core';
import { createGroupCommand, createMetaCommand, createProfileCommand, createText } from '@dimp/dkd';
import { type ID, profileName } from '@dimp/mkm';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { GroupManager, MemoryRelay, Messenger, registerGroup, type Sent } from '../src/index.js';
import {
  introduce,
  next,
  type Person,
  person,
  record,
  settled,
  several,
  tell,
  textOf,
  write,
} from './kit.js';

/** Five friends on one relay who know each other, and the group that Alice made of them. */
interface Friends {
  readonly relay: MemoryRelay;
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly dave: Person;
  readonly erin: Person;
  readonly all: readonly Person[];
  readonly manager: GroupManager;
  readonly group: ID;
}

async function friends(): Promise<Friends> {
  const relay = new MemoryRelay();
  const names = ['alice', 'bob', 'carol', 'dave', 'erin'];
  const all = await Promise.all(names.map(name => person(name, { relay })));
  await introduce(...all);
  const [alice, bob, carol, dave, erin] = all as [Person, Person, Person, Person, Person];
  const manager = new GroupManager(alice.messenger, alice.id);
  const told = all.slice(1).map(friend => next(friend, 'group-changed'));
  const { group } = await manager.create({
    name: 'friends',
    members: [bob.id, carol.id, dave.id, erin.id],
    profile: { name: 'Old friends' },
  });
  await Promise.all(told);
  await settled();
  return { relay, alice, bob, carol, dave, erin, all, manager, group };
}

function texts(ids: readonly ID[] | undefined): readonly string[] {
  return (ids ?? []).map(id => id.name);
}

async function membersAt(people: readonly Person[], group: ID): Promise<readonly (readonly string[])[]> {
  return Promise.all(people.map(async one => texts(await one.facebook.loadMembers(group))));
}

/** Everybody but the speaker hears it. */
async function say(speaker: Person, group: ID, text: string, hearers: readonly Person[]): Promise<Sent> {
  const heard = hearers.map(one => next(one, 'message', event => textOf(event) === text));
  const sent = await speaker.messenger.sendContent(createText(text, { group }), group);
  for (const event of await Promise.all(heard)) expect(event.group?.text).toBe(group.text);
  return sent;
}

describe('a group of five', () => {
  let story: Friends;
  beforeEach(async () => {
    story = await friends();
  });

  it('is known to its members, with owner and title', async () => {
    const { all, alice, group } = story;
    for (const names of await membersAt(all, group)) {
      expect(names).toEqual(['alice', 'bob', 'carol', 'dave', 'erin']);
    }
    for (const one of all) {
      const entity = await one.facebook.group(group);
      expect((await entity?.owner())?.text).toBe(alice.id.text);
      const profile = await one.facebook.loadProfile(group);
      expect(profile && profileName(profile)).toBe('Old friends');
    }
  });

  it('hears whoever speaks, and the relay learns of the group from messages only', async () => {
    const { all, alice, bob, relay, group } = story;
    expect(await say(alice, group, 'welcome', all.slice(1))).toMatchObject({ kind: 'sent', missing: [] });
    const others = all.filter(one => one !== bob);
    expect(await say(bob, group, 'thank you', others)).toMatchObject({ kind: 'sent', missing: [] });

    const passed: string[] = [];
    relay.watch(data => passed.push(new TextDecoder().decode(data)));
    await new GroupManager(bob.messenger, bob.id).query(group, alice.id);
    await settled();
    expect(passed.length).toBeGreaterThan(1);
    expect(passed.join()).not.toContain(group.text);
  });

  it('takes in a sixth whom a member invites', async () => {
    const { all, bob, relay, group } = story;
    const frank = await person('frank', { relay });
    // Frank knows nobody but Bob, who knows him
    await introduce(bob, frank);
    for (const one of all) if (one !== bob) await tell(one, frank);

    const joined = next(frank, 'group-changed');
    const noticed = all.filter(one => one !== bob).map(one => next(one, 'group-changed'));
    const change = await new GroupManager(bob.messenger, bob.id).invite(group, [frank.id, frank.id]);
    expect(texts(change.members)).toEqual(['alice', 'bob', 'carol', 'dave', 'erin', 'frank']);
    expect([...change.outcomes.values()].map(({ kind }) => kind)).toEqual(Array(5).fill('sent'));
    expect(texts((await joined).added)).toEqual(texts(change.members));
    for (const { added } of await Promise.all(noticed)) expect(texts(added)).toEqual(['frank']);
    expect(await membersAt([...all, frank], group)).toEqual(Array(6).fill(texts(change.members)));

    await say(story.alice, group, 'welcome, Frank', [...all.slice(1), frank]);
    expect(await say(bob, group, 'hi Frank', [frank])).toMatchObject({ missing: [] });
  });

  it('goes on without somebody who was expelled', async () => {
    const { all, alice, dave, manager, group } = story;
    const rest = all.filter(one => one !== dave);
    const left = all.slice(1).map(one => next(one, 'group-changed'));
    const { members } = await manager.expel(group, [dave.id]);
    expect(texts(members)).toEqual(['alice', 'bob', 'carol', 'erin']);
    for (const { removed } of await Promise.all(left)) expect(texts(removed)).toEqual(['dave']);

    const message = await say(alice, group, 'is he gone?', rest.slice(1));
    if (message.kind !== 'sent') throw new Error('not sent');
    const [whole] = message.messages;
    if (whole === undefined) throw new Error('nothing sent');
    expect([...(whole.encryptedKeys?.keys() ?? [])]).not.toContain(dave.id.text);
    expect(await dave.messenger.processMessage(whole)).toMatchObject({ kind: 'not-for-us' });
    // and if somebody hands it to him as if it were for him, he cannot open it
    const part = { ...whole, envelope: { ...whole.envelope, receiver: dave.id, group } };
    expect(await dave.messenger.processMessage(part)).toMatchObject({
      kind: 'rejected',
      error: { code: 'ERR_NOT_FOUND' },
    });

    const refused = next(alice, 'rejected');
    const command = createGroupCommand('invite', group, [dave.id], { time: 1 });
    await write(dave, alice.id, command);
    expect((await refused).error.code).toBe('ERR_REFUSED');
    expect(await membersAt([alice], group)).toEqual([['alice', 'bob', 'carol', 'erin']]);
  });

  it('labels what is said in its name by whether the speaker is a member', async () => {
    const { alice, bob, dave, manager, group } = story;
    await manager.expel(group, [dave.id]);
    const member = async (from: Person, said: string, named: ID | undefined): Promise<unknown> => {
      const heard = next(alice, 'message', event => textOf(event) === said);
      await from.messenger.sendContent(createText(said, named ? { group: named } : {}), alice.id);
      return (await heard).labels.member;
    };
    expect(await member(bob, 'I am in it', group)).toBe(true);
    expect(await member(dave, 'I am in it, too', group)).toBe(false);
    expect(await member(bob, 'between us', undefined)).toBeUndefined();
    const elsewhere = await registerGroup(bob.facebook, { name: 'elsewhere' });
    expect(await member(bob, 'of a group unknown to her', elsewhere.id)).toBeUndefined();
    // the owner is in it, listed or not
    await alice.facebook.saveMembers(group, [bob.id]);
    expect(await member(alice, 'I made it', group)).toBe(true);
  });

  it('lets a member quit, and the list may be replaced by its owner', async () => {
    const { all, alice, erin, manager, group } = story;
    const noticed = all.slice(0, 4).map(one => next(one, 'group-changed'));
    await new GroupManager(erin.messenger, erin.id).quit(group);
    await Promise.all(noticed);
    expect(await membersAt(all, group)).toEqual(Array(5).fill(['alice', 'bob', 'carol', 'dave']));

    const changed = [1, 2, 3].map(index => next(all[index] as Person, 'group-changed'));
    const { members } = await manager.reset(group, [alice.id, erin.id, story.bob.id, erin.id]);
    await Promise.all(changed);
    expect(texts(members)).toEqual(['alice', 'erin', 'bob']);
    await settled();
    expect(await membersAt([alice, story.bob, erin], group)).toEqual(Array(3).fill(['alice', 'erin', 'bob']));
    expect(await membersAt([story.carol], group)).toEqual([['alice', 'erin', 'bob']]);
  });

  it('can be written to although one member is not known, who is told of', async () => {
    const { all, alice, group } = story;
    const stranger = await person('stranger');
    await alice.facebook.saveMembers(group, [...all.map(({ id }) => id), stranger.id]);
    const suspended = next(alice, 'suspended');
    const sent = await say(alice, group, 'hello all', all.slice(1));
    expect(sent).toMatchObject({ kind: 'sent', missing: [{ text: stranger.id.text }] });
    expect(await suspended).toMatchObject({ direction: 'out', waitingFor: { text: stranger.id.text } });
    expect(alice.messenger.waiting).toBe(0);
  });

  it('is asked for its list again by who lost it, and the owner answers', async () => {
    const { alice, bob, group } = story;
    await bob.facebook.forgetMembers(group);
    const restored = next(bob, 'group-changed');
    const command = next(bob, 'command', ({ content }) => content.kind === 'reset-command');
    await new GroupManager(bob.messenger, bob.id).query(group, alice.id);
    expect(texts((await restored).members)).toEqual(['alice', 'bob', 'carol', 'dave', 'erin']);
    expect((await command).content.extra).toHaveProperty('added');
  });

  it('is asked for by a member who then asks the owner as well', async () => {
    const { alice, bob, carol, group } = story;
    await bob.facebook.forgetMembers(group);
    const fromCarol = next(bob, 'command', ({ content }) => content.kind === 'invite-command');
    const asked = next(alice, 'command', ({ content }) => content.kind === 'query-command');
    const fromAlice = next(bob, 'command', ({ content }) => content.kind === 'reset-command');
    await new GroupManager(bob.messenger, bob.id).query(group, carol.id);
    expect((await fromCarol).sender.text).toBe(carol.id.text);
    expect((await asked).sender.text).toBe(bob.id.text);
    expect((await fromAlice).sender.text).toBe(alice.id.text);
    expect(await membersAt([bob], group)).toEqual([['alice', 'bob', 'carol', 'dave', 'erin']]);
  });
});

describe('a message to a group whose members are not known', () => {
  it('waits for them, and is read when a member who was asked has answered', async () => {
    const { all, alice, bob, relay, group } = await friends();
    await bob.messenger.close();
    const messenger = new Messenger({
      facebook: bob.facebook,
      transport: relay.connect(bob.id),
      resolver: {
        async request({ what, id, sender }) {
          if (what === 'members' && sender !== undefined) {
            await new GroupManager(messenger, bob.id).query(id, sender);
          }
        },
      },
    });
    await bob.facebook.forgetMembers(group);
    const packed = await alice.messenger.pack({
      envelope: { sender: alice.id, receiver: group, time: 1 },
      content: createText('can you read this?', { group }),
      extra: {},
    });
    const heard = next({ messenger }, 'message');
    const outcome = await messenger.processMessage(packed.message);
    expect(outcome).toMatchObject({ kind: 'suspended', waitingFor: { text: group.text } });
    expect(textOf(await heard)).toBe('can you read this?');
    expect(await membersAt([bob], group)).toEqual([all.map(({ id }) => id.name)]);
  });
});

describe('an invitation whose owner the newcomer cannot recognise', () => {
  it('is asked about once, so that the two do not talk for ever', async () => {
    const { bob, relay, group } = await friends();
    const frank = await person('frank', { relay });
    await introduce(bob, frank);
    await bob.facebook.saveMembers(group, [...((await bob.facebook.loadMembers(group)) ?? []), frank.id]);
    const commands = record(frank, 'command');
    const asked = record(bob, 'command');
    const meta = await (await bob.facebook.group(group))?.meta();
    if (meta === undefined) throw new Error('no meta');
    await write(bob, frank.id, createMetaCommand(group, meta));
    const members = (await bob.facebook.loadMembers(group)) ?? [];
    await write(bob, frank.id, createGroupCommand('invite', group, members, { time: 1 }));
    await settled();
    expect(commands.map(({ content }) => content.command)).toEqual(['meta', 'invite', 'invite']);
    expect(asked.map(({ content }) => content.command)).toEqual(['query']);
    expect(await frank.facebook.loadMembers(group)).toBeUndefined();
  });
});

describe('a group under a policy of reused message keys', () => {
  it('has a new key as soon as somebody was expelled', async () => {
    const relay = new MemoryRelay();
    const keyStore = new MemoryKeyStore({ policy: { maxMessages: 100, maxAge: 3600 } });
    const alice = await person('alice', { relay, keyStore });
    const bob = await person('bob', { relay });
    const carol = await person('carol', { relay });
    await introduce(alice, bob, carol);
    const manager = new GroupManager(alice.messenger, alice.id);
    const told = several(carol, 'group-changed', 1);
    const { group } = await manager.create({ name: 'trio', members: [bob.id, carol.id] });
    await told;
    await settled();
    const keysOf = async (text: string) => {
      const heard = next(carol, 'message');
      await alice.messenger.sendContent(createText(text, { group }), group);
      return (await heard).labels.encryption?.reused;
    };
    expect([await keysOf('one'), await keysOf('two')]).toEqual([false, true]);
    await manager.expel(group, [bob.id]);
    expect([await keysOf('three'), await keysOf('four')]).toEqual([false, true]);
  });
});

describe('what newcomers are told', () => {
  it('waits for their metas in order, so that the invitation finds the group', async () => {
    const relay = new MemoryRelay();
    const alice = await person('alice', { relay });
    const bob = await person('bob', { relay });
    const manager = new GroupManager(alice.messenger, alice.id);
    const { group, outcomes } = await manager.create({ name: 'late', members: [bob.id] });
    expect(outcomes.get(bob.id.text)?.kind).toBe('suspended');
    const joined = next(bob, 'group-changed');
    await tell(alice, bob);
    expect(texts((await joined).members)).toEqual(['alice', 'bob']);
    expect(await membersAt([bob], group)).toEqual([['alice', 'bob']]);
  });

  it('includes a profile that others can check', async () => {
    const relay = new MemoryRelay();
    const alice = await person('alice', { relay });
    const bob = await person('bob', { relay });
    await introduce(alice, bob);
    const changed = next(bob, 'profile-changed');
    const { group } = await new GroupManager(alice.messenger, alice.id).create({
      name: 'club',
      members: [bob.id],
      profile: { name: 'The Club' },
    });
    expect((await changed).profile.properties).toEqual({ name: 'The Club' });
    const profile = await bob.facebook.loadProfile(group);
    if (profile === undefined) throw new Error('no profile');
    expect(createProfileCommand(group, profile)).toMatchObject({ id: { text: group.text } });
  });
});
