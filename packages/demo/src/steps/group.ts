import { isJsonObject, type JsonObject } from '@dimp/crypto';
import { createText, type TextContent } from '@dimp/dkd';
import { formatSearchNumber, type ID } from '@dimp/mkm';
import { type GroupChange, GroupManager } from '@dimp/sdk';
import type { Printer } from '../print.js';
import { RelayWatch, readableMembers } from '../relay-watch.js';
import type { Facts } from '../step.js';
import { joinNewUser, learn, type Person, personOf, type World } from '../world.js';

/** A message to the group, as members and relay had it. */
export interface GroupMessage {
  readonly text: string;
  /** Names of those who read it. */
  readonly readBy: readonly string[];
  readonly relay: {
    readonly readable: JsonObject;
    /** IDs of the members for whom the message key was encrypted. */
    readonly keysFor: readonly string[];
    readonly sawText: boolean;
  };
}

/** A change of the list. */
export interface ListChange {
  /** Names of those it is about. */
  readonly who: readonly string[];
  /** Names on everybody's list afterwards. */
  readonly members: readonly string[];
  /** Names of those who have the new list. */
  readonly knownTo: readonly string[];
  /** Whether the relay could tell which group the commands were about. */
  readonly relaySawGroup: boolean;
  /** Whether all who were told have the new list, and the relay has not. */
  readonly complete: boolean;
}

export interface GroupFacts extends Facts {
  readonly id: string;
  readonly searchNumber: string;
  readonly founder: string;
  readonly created: ListChange;
  readonly message: GroupMessage;
  readonly invited: ListChange;
  readonly expelled: ListChange;
  readonly afterwards: GroupMessage;
}

/** Alice makes a group, writes to it, invites carol and expels hulk. */
export async function runGroup(world: World): Promise<GroupFacts> {
  const [alice, bob, hulk, moki] = ['alice', 'bob', 'hulk', 'moki'].map(name => personOf(world, name)) as [
    Person,
    Person,
    Person,
    Person,
  ];
  const carol = await joinNewUser(world, 'carol');
  await learn(alice, bob, hulk, moki, carol);
  const manager = new GroupManager(alice.messenger, alice.id);
  const stage: Stage = { world, manager, owner: alice };
  let group: ID | undefined;
  const created = await change(stage, [bob, hulk, moki], [bob, hulk, moki], 'invite-command', async () => {
    const members = [bob.id, hulk.id, moki.id];
    const made = await manager.create({ name: 'old-clock', members });
    group = made.group;
    return made;
  });
  if (group === undefined) throw new Error('The group was not made.');
  const id: ID = group;
  const message = await write(stage, id, 'We meet at noon, all of us.', [bob, hulk, moki]);
  const everybody = [bob, hulk, moki, carol];
  const invited = await change(stage, [carol], everybody, 'invite-command', () =>
    manager.invite(id, [carol.id]),
  );
  const expelled = await change(stage, [hulk], everybody, 'expel-command', () =>
    manager.expel(id, [hulk.id]),
  );
  const afterwards = await write(stage, id, 'Hulk broke the clock. Make it one.', [bob, moki, carol]);
  const ok =
    [created, invited, expelled].every(({ complete }) => complete) &&
    invited.members.includes(carol.name) &&
    !expelled.members.includes(hulk.name) &&
    [message, afterwards].every(({ readBy, relay }) => readBy.length === 3 && !relay.sawText) &&
    !afterwards.relay.keysFor.includes(hulk.id.text) &&
    hulk.inbox.count('text') === 0;
  const searchNumber = formatSearchNumber(id.address);
  return { ok, id: id.text, searchNumber, founder: 'alice', created, message, invited, expelled, afterwards };
}

interface Stage {
  readonly world: World;
  readonly manager: GroupManager;
  readonly owner: Person;
}

/** Changes the list, waits until each of those told has the command, and looks at everybody's list. */
async function change(
  { world, owner }: Stage,
  who: readonly Person[],
  told: readonly Person[],
  command: string,
  act: () => Promise<GroupChange>,
): Promise<ListChange> {
  const watch = new RelayWatch(world.relay);
  const { group, members, outcomes } = await act();
  for (const outcome of outcomes.values()) if (outcome.kind === 'failed') throw outcome.error;
  await Promise.all(told.map(({ inbox }) => inbox.take(command, world.signal)));
  watch.stop();
  const expected = keysOf(members);
  const knownTo: string[] = [];
  for (const { name, facebook } of [owner, ...told]) {
    if (keysOf((await facebook.loadMembers(group)) ?? []) === expected) knownTo.push(name);
  }
  const relaySawGroup = watch.saw(group.address.text);
  return {
    who: who.map(({ name }) => name),
    members: members.map(id => id.name),
    knownTo,
    relaySawGroup,
    complete: knownTo.length === told.length + 1 && !relaySawGroup,
  };
}

/** Writes to the group, once; the relay splits. */
async function write(
  { world, owner }: Stage,
  group: ID,
  text: string,
  readers: readonly Person[],
): Promise<GroupMessage> {
  const watch = new RelayWatch(world.relay);
  const sent = await owner.messenger.sendContent(createText(text, { group }), group, { sender: owner.id });
  if (sent.kind === 'failed') throw sent.error;
  const heard = await Promise.all(readers.map(({ inbox }) => inbox.take('text', world.signal)));
  watch.stop();
  const readBy = readers.filter((_, index) => {
    const accepted = heard[index];
    return accepted?.group?.key === group.key && (accepted.content as TextContent).text === text;
  });
  const json = watch.packages.find(({ receiver }) => receiver === group.text) ?? {};
  const keys = json['keys'];
  return {
    text,
    readBy: readBy.map(({ name }) => name),
    relay: {
      readable: readableMembers(json),
      keysFor: isJsonObject(keys) ? Object.keys(keys) : [],
      sawText: watch.saw(text),
    },
  };
}

function keysOf(ids: readonly ID[]): string {
  return ids
    .map(id => id.key)
    .sort()
    .join();
}

export function printGroup(facts: GroupFacts, printer: Printer): void {
  const { created, message, invited, expelled, afterwards } = facts;
  printer.check(created.complete, `${facts.founder} made a group: ${facts.id}`);
  printer.row('search number', facts.searchNumber);
  printer.row('members', created.members.join(', '));
  printWriting(facts.founder, message, printer);
  printer.row('relay sees who', `${facts.founder} to the group, with keys for ${namesIn(message)}`);
  printer.row('and not what', 'one ciphertext for all; the message key encrypted for each');
  printer.check(invited.complete, `invited ${invited.who.join(', ')}`);
  printer.row('members', `${invited.members.join(', ')}; ${invited.knownTo.length} people have this list`);
  printer.check(expelled.complete, `expelled ${expelled.who.join(', ')}`);
  printer.row('members', `${expelled.members.join(', ')}; ${expelled.knownTo.length} people have this list`);
  printer.note('Commands go to each member on its own: the relay did not learn which group they were about.');
  printWriting(facts.founder, afterwards, printer);
  printer.row('keys for', `${namesIn(afterwards)}; none for hulk`);
}

function printWriting(from: string, { text, readBy, relay }: GroupMessage, printer: Printer): void {
  printer.say(from, text);
  printer.check(readBy.length === 3 && !relay.sawText, `read by ${readBy.join(', ')}, and not by the relay`);
}

function namesIn({ relay }: GroupMessage): string {
  return relay.keysFor.map(text => text.slice(0, text.indexOf('@'))).join(', ');
}
