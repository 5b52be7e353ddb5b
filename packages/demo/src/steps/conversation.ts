import type { Protection } from '@dimp/core';
import type { JsonObject } from '@dimp/crypto';
import {
  createInstantMessage,
  createText,
  formatInstantMessage,
  formatReliableMessage,
  formatSecureMessage,
  type TextContent,
} from '@dimp/dkd';
import { describeProtection, type Printer } from '../print.js';
import { RelayWatch, readableMembers, sealedMembers } from '../relay-watch.js';
import type { Facts } from '../step.js';
import { learn, type Person, personOf, type World } from '../world.js';

/** Something said, as its receiver had it. */
export interface Said {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly labels: Protection;
}

export interface ConversationFacts extends Facts {
  /** Whether bob learned who alice is from her first message alone. */
  readonly metaCameAlong: boolean;
  readonly messages: readonly Said[];
  /** One of the messages in its three forms. */
  readonly stages: {
    readonly instant: JsonObject;
    readonly secure: JsonObject;
    readonly reliable: JsonObject;
  };
  /** What the relay had of that message. */
  readonly relay: {
    readonly packages: number;
    readonly readable: JsonObject;
    /** Bytes in each member that it cannot look into. */
    readonly sealed: JsonObject;
    /** Whether any text stood in any package, in the clear or as base64. */
    readonly sawText: boolean;
  };
}

const lines = {
  first: 'Hello Bob, we have not met. My key came with this line.',
  answer: 'Hello Alice, it did. Nobody else reads this, the relay least of all.',
  staged: 'Then let us meet at noon under the old clock.',
  last: 'At noon. I bring the map.',
} as const;

/** Alice and bob talk through the relay, both ways. */
export async function runConversation(world: World): Promise<ConversationFacts> {
  const alice = personOf(world, 'alice');
  const bob = personOf(world, 'bob');
  const watch = new RelayWatch(world.relay);
  await learn(alice, bob);
  const knewBefore = await bob.facebook.loadMeta(alice.id);
  const first = await say(alice, bob, lines.first, world);
  const knowsNow = await bob.facebook.loadMeta(alice.id);
  const answer = await say(bob, alice, lines.answer, world);
  const { stages, said } = await sayInStages(alice, bob, lines.staged, world);
  const onRelay = watch.packages.at(-1) ?? {};
  const last = await say(bob, alice, lines.last, world);
  watch.stop();
  const messages = [first, answer, said, last];
  const metaCameAlong = knewBefore === undefined && knowsNow !== undefined;
  const sawText = Object.values(lines).some(text => watch.saw(text));
  const ok =
    metaCameAlong &&
    !sawText &&
    messages.every(({ labels }) => labels.bound && labels.encryption !== undefined) &&
    messages.map(({ text }) => text).join('\n') === Object.values(lines).join('\n');
  const relay = {
    packages: watch.packages.length,
    readable: readableMembers(onRelay),
    sealed: sealedMembers(onRelay),
    sawText,
  };
  return { ok, metaCameAlong, messages, stages, relay };
}

async function say(from: Person, to: Person, text: string, world: World): Promise<Said> {
  const sent = await from.messenger.sendContent(createText(text), to.id);
  if (sent.kind === 'failed') throw sent.error;
  return hear(from, to, world);
}

/** As `say`, step by step, to have the forms between. */
async function sayInStages(
  from: Person,
  to: Person,
  text: string,
  world: World,
): Promise<{ readonly stages: ConversationFacts['stages']; readonly said: Said }> {
  const { facebook, messenger } = from;
  const envelope = { sender: from.id, receiver: to.id, time: facebook.clock() };
  const instant = createInstantMessage(envelope, createText(text));
  const { message: secure } = await messenger.transceiver.encrypt(instant);
  const reliable = await messenger.transceiver.sign(secure);
  await messenger.forwardMessage(reliable);
  const stages = {
    instant: formatInstantMessage(instant, facebook.protocol),
    secure: formatSecureMessage(secure),
    reliable: formatReliableMessage(reliable),
  };
  return { stages, said: await hear(from, to, world) };
}

async function hear(from: Person, to: Person, { signal }: World): Promise<Said> {
  const { content, sender, labels } = await to.inbox.take('text', signal);
  if (sender.key !== from.id.key)
    throw new Error(`Expected a text of ${from.name}, got one of ${sender.text}.`);
  return { from: from.name, to: to.name, text: (content as TextContent).text, labels };
}

export function printConversation(facts: ConversationFacts, printer: Printer): void {
  const { messages, stages, relay } = facts;
  printer.check(facts.metaCameAlong, 'bob knew nothing of alice; her meta came with her first message');
  for (const { from, text } of messages) printer.say(from, text);
  const [label] = messages;
  if (label !== undefined) printer.row('protection', describeProtection(label.labels));
  printer.blank();
  printer.note('The third line on its way. Instant: as alice has it.');
  printer.object(stages.instant);
  printer.note('Secure: the content encrypted with a fresh key, the key encrypted for bob.');
  printer.object(stages.secure);
  printer.note('Reliable: signed by alice. This is what travels.');
  printer.object(stages.reliable);
  printer.blank();
  printer.check(!relay.sawText, `the relay passed on ${relay.packages} packages and read no text`);
  printer.row('it can read', Object.keys(relay.readable).join(', '));
  printer.row('it cannot read', 'the content, the message key');
}
