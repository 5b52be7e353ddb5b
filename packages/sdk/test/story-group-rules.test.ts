import { createGroupCommand, createText, type GroupCommandName } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { GroupManager, Messenger, registerGroup } from '../src/index.js';
import { introduce, next, now, type Person, person, tell, textOf, write } from './kit.js';

/** Bob is in Alice's group with Carol; Rob is its assistant, and Mallory is nobody. */
interface Story {
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly rob: Person;
  readonly mallory: Person;
  readonly group: ID;
}

async function story(): Promise<Story> {
  const people = await Promise.all(['alice', 'bob', 'carol', 'rob', 'mallory'].map(name => person(name)));
  await introduce(...people);
  const [alice, bob, carol, rob, mallory] = people as [Person, Person, Person, Person, Person];
  const made = await registerGroup(alice.facebook, { name: 'trio', members: [bob.id, carol.id] });
  const members = await made.members();
  for (const { facebook } of people) {
    await facebook.saveMeta(await made.meta(), made.id);
    await facebook.saveMembers(made.id, members ?? []);
    await facebook.saveAssistants(made.id, [rob.id]);
  }
  return { alice, bob, carol, rob, mallory, group: made.id };
}

/** What becomes of a command at Bob's. */
async function send(
  { bob, group }: Story,
  from: Person,
  name: GroupCommandName,
  members: readonly Person[] = [],
): Promise<{ readonly code?: string; readonly members: readonly string[]; readonly answers: number }> {
  const ids = members.map(({ id }) => id);
  const command = createGroupCommand(name, group, ids, { time: now });
  const outcome = await bob.messenger.processMessage(await write(from, bob.id, command));
  const list = (await bob.facebook.loadMembers(group)) ?? [];
  return {
    ...(outcome.kind === 'rejected' && { code: outcome.error.code }),
    members: list.map(({ name }) => name),
    answers: outcome.kind === 'accepted' ? outcome.replies.length : 0,
  };
}

const everybody = ['alice', 'bob', 'carol'];
const refused = { code: 'ERR_REFUSED', members: everybody, answers: 0 };

describe('the rules of a group', () => {
  let people: Story;
  beforeEach(async () => {
    people = await story();
  });

  it('give a stranger nothing', async () => {
    const { mallory, alice } = people;
    expect(await send(people, mallory, 'query')).toEqual(refused);
    expect(await send(people, mallory, 'invite', [mallory])).toEqual(refused);
    expect(await send(people, mallory, 'expel', [alice])).toEqual(refused);
    expect(await send(people, mallory, 'reset', [alice, mallory])).toEqual(refused);
  });

  it('let nobody quit who is not there, without a change', async () => {
    const { mallory } = people;
    expect(await send(people, mallory, 'quit')).toEqual({ members: everybody, answers: 0 });
  });

  it('let a member ask, invite and quit, but neither expel nor replace the list', async () => {
    const { alice, carol, mallory } = people;
    expect(await send(people, carol, 'expel', [alice])).toEqual(refused);
    expect(await send(people, carol, 'reset', [alice, carol])).toEqual(refused);
    expect(await send(people, carol, 'query')).toEqual({ members: everybody, answers: 1 });
    expect(await send(people, carol, 'invite', [mallory])).toEqual({
      members: [...everybody, 'mallory'],
      answers: 0,
    });
    expect(await send(people, carol, 'quit')).toEqual({ members: ['alice', 'bob', 'mallory'], answers: 0 });
  });

  it('do not let the owner be dropped in any way', async () => {
    const { alice, bob, carol, rob } = people;
    expect(await send(people, rob, 'expel', [alice])).toEqual(refused);
    expect(await send(people, alice, 'expel', [alice])).toEqual(refused);
    expect(await send(people, rob, 'reset', [bob, carol])).toEqual(refused);
    expect(await send(people, alice, 'reset', [bob, carol])).toEqual(refused);
    expect(await send(people, alice, 'quit')).toEqual(refused);
  });

  it('let an assistant expel and replace the list, but not quit', async () => {
    const { alice, bob, carol, rob, mallory } = people;
    expect(await send(people, rob, 'quit')).toEqual(refused);
    expect(await send(people, rob, 'expel', [carol])).toEqual({ members: ['alice', 'bob'], answers: 0 });
    expect(await send(people, rob, 'reset', [bob, alice, mallory])).toEqual({
      members: ['bob', 'alice', 'mallory'],
      answers: 0,
    });
  });

  it('take the list of an owner who invites himself along as the whole list', async () => {
    const { alice, bob, mallory } = people;
    expect(await send(people, alice, 'invite', [alice, bob, mallory])).toEqual({
      members: ['alice', 'bob', 'mallory'],
      answers: 0,
    });
  });

  it('change nothing when nothing would change, and refuse what names nobody', async () => {
    const { alice, carol } = people;
    expect(await send(people, carol, 'invite', [alice])).toEqual({ members: everybody, answers: 0 });
    expect(await send(people, alice, 'expel', [])).toEqual(refused);
    expect(await send(people, carol, 'invite', [])).toEqual(refused);
    expect(await send(people, alice, 'reset', [])).toEqual(refused);
  });

  it('are silent to other group commands', async () => {
    expect(await send(people, people.carol, 'join', [])).toEqual({ members: everybody, answers: 0 });
  });

  it('note the change in the copy that the application keeps', async () => {
    const { alice, bob, carol, mallory, group } = people;
    const told = next(bob, 'command');
    const command = createGroupCommand('reset', group, [alice.id, mallory.id, bob.id], { time: now });
    await bob.messenger.processMessage(await write(alice, bob.id, command));
    expect((await told).content.extra).toEqual({ added: [mallory.id.text], removed: [carol.id.text] });
  });

  it('are for groups that can be kept only', async () => {
    const { alice, bob, carol } = people;
    const everyone = bob.facebook.parseID('everyone@everywhere');
    const { id: unknown } = await registerGroup(alice.facebook, { name: 'unknown-to-bob' });
    for (const target of [carol.id, unknown]) {
      const command = createGroupCommand('query', target, [], { time: now });
      const outcome = await bob.messenger.processMessage(await write(alice, bob.id, command));
      expect(outcome).toMatchObject({ kind: 'rejected', error: { code: 'ERR_REFUSED' } });
    }
    const { group: _, ...groupless } = createGroupCommand('query', everyone, [], { time: now });
    const outcome = await bob.messenger.processMessage(await write(alice, bob.id, groupless));
    expect(outcome).toMatchObject({ kind: 'rejected', error: { code: 'ERR_REFUSED' } });
    // one that names a broadcast group travels in the clear
    const open = createGroupCommand('query', everyone, [], { time: now });
    const refusal = await bob.messenger.processMessage(await write(alice, bob.id, open));
    expect(refusal).toMatchObject({ kind: 'rejected', error: { code: 'ERR_REFUSED' } });
  });

  it('tell who asks when the list is lost', async () => {
    const { alice, carol, group } = people;
    await alice.facebook.forgetMembers(group);
    const query = createGroupCommand('query', group, [], { time: now });
    const outcome = await alice.messenger.processMessage(await write(carol, alice.id, query));
    // the list counts as empty, and then only the owner is still known as an insider
    expect(outcome).toMatchObject({ kind: 'rejected', error: { code: 'ERR_REFUSED' } });
    await carol.facebook.forgetMembers(group);
    const answer = await carol.messenger.processMessage(await write(alice, carol.id, query));
    if (answer.kind !== 'accepted') throw new Error(answer.kind);
    const [reply] = answer.replies;
    if (reply === undefined) throw new Error('no answer');
    const read = await alice.messenger.processMessage(reply);
    expect(textOf(read)).toBe(`Group members not found: ${group.text}`);
  });

  it('take a first list from anybody if the owner is on it, and ask the owner', async () => {
    const { alice, bob, carol, group } = people;
    await bob.facebook.forgetMembers(group);
    const asked = bob.wire.sent.length;
    expect(await send(people, carol, 'invite', [alice, bob, carol])).toEqual({
      members: everybody,
      answers: 0,
    });
    const [query, ...more] = bob.wire.sent.slice(asked);
    expect(more).toEqual([]);
    expect(query?.envelope.receiver.text).toBe(alice.id.text);
    expect(query && (await alice.messenger.processMessage(query))).toMatchObject({
      message: { content: { kind: 'query-command' } },
    });
  });

  it('keep nothing of a first list without the owner, and ask who brought it', async () => {
    const { bob, carol, group } = people;
    await bob.facebook.forgetMembers(group);
    expect(await send(people, carol, 'reset', [bob, carol])).toEqual({ members: [], answers: 1 });
    expect(await send(people, carol, 'invite', [])).toEqual({ ...refused, members: [] });
  });

  it('hold although the question to the owner cannot be sent, which is told', async () => {
    const { alice, bob, carol, group } = people;
    const silent = new Messenger({ facebook: bob.facebook });
    await bob.facebook.forgetMembers(group);
    const told = next({ messenger: silent }, 'rejected');
    const command = createGroupCommand('invite', group, [alice.id, bob.id, carol.id], { time: now });
    const outcome = await silent.processMessage(await write(carol, bob.id, command));
    expect(outcome.kind).toBe('accepted');
    expect(await told).toMatchObject({ direction: 'out', error: { code: 'ERR_USAGE' } });
    expect(await bob.facebook.loadMembers(group)).toHaveLength(3);
  });
});

describe('a group manager', () => {
  it('does not even send what others would refuse', async () => {
    const { alice, bob, mallory, group } = await story();
    const byBob = new GroupManager(bob.messenger, bob.id);
    const byAlice = new GroupManager(alice.messenger, alice.id);
    const byMallory = new GroupManager(mallory.messenger, mallory.id);
    const attempts = [
      () => byMallory.invite(group, [mallory.id]),
      () => byBob.expel(group, [alice.id]),
      () => byBob.reset(group, [bob.id]),
      () => byAlice.expel(group, [alice.id]),
      () => byAlice.reset(group, [bob.id]),
      () => byAlice.quit(group),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'ERR_REFUSED' });
    for (const { wire } of [alice, bob, mallory]) expect(wire.sent).toEqual([]);
  });

  it('needs the meta of the group and its list', async () => {
    const { alice, bob, group } = await story();
    const { id: unknown } = await registerGroup(alice.facebook, { name: 'unknown-to-bob' });
    const manager = new GroupManager(bob.messenger, bob.id);
    await expect(manager.invite(unknown, [bob.id])).rejects.toMatchObject({
      code: 'ERR_NOT_FOUND',
      what: 'meta',
    });
    await bob.facebook.forgetMembers(group);
    await expect(manager.invite(group, [bob.id])).rejects.toMatchObject({
      code: 'ERR_NOT_FOUND',
      what: 'members',
    });
  });
});

describe('a message of somebody who was never a member', () => {
  it('names the group, so the application can look him up', async () => {
    const { bob, mallory, group } = await story();
    await tell(bob, mallory);
    const told = next(bob, 'message');
    await bob.messenger.processMessage(await write(mallory, bob.id, createText('hello', { group })));
    const { sender } = await told;
    expect(await (await bob.facebook.group(group))?.isMember(sender)).toBe(false);
  });
});
