import { limits } from '@dimp/crypto';
import { createForward, createMetaCommand, type ReliableMessage } from '@dimp/dkd';
import { describe, expect, it } from '@jest/globals';
import { introduce, next, type Person, person, record, sentMessage, tell, textOf, write } from './kit.js';

async function three(): Promise<readonly [Person, Person, Person]> {
  const people = [await person('alice'), await person('bob'), await person('carol')] as const;
  await introduce(...people);
  return people;
}

/** A message in `depth` forwards, all from one person to another. */
async function wrap(
  message: ReliableMessage,
  depth: number,
  from: Person,
  to: Person,
): Promise<ReliableMessage> {
  let outer = message;
  for (let level = 0; level < depth; level++) outer = await write(from, to.id, createForward(outer));
  return outer;
}

describe('a message in a message', () => {
  it('is read three deep, with who wrote it and who brought it', async () => {
    const [alice, bob, carol] = await three();
    const inner = await write(alice, bob.id, 'from Alice by way of Carol');
    const heard = next(bob, 'message');
    const all = record(bob, 'message');
    expect(await bob.messenger.processMessage(await wrap(inner, 3, carol, bob))).toMatchObject({
      kind: 'accepted',
      replies: [],
    });
    const { sender, forwardedBy, labels, content } = await heard;
    expect(textOf({ content })).toBe('from Alice by way of Carol');
    expect(sender.text).toBe(alice.id.text);
    expect(forwardedBy?.text).toBe(carol.id.text);
    expect(labels.bound).toBe(true);
    // the forwards themselves say nothing
    expect(all).toHaveLength(1);
  });

  it('is read as deep as the limits say, and not deeper', async () => {
    const [alice, bob, carol] = await three();
    const rejected = record(bob, 'rejected');
    const heard = record(bob, 'message');
    const deepest = await wrap(await write(alice, bob.id, 'deep'), limits.forwardDepth, carol, bob);
    await bob.messenger.processMessage(deepest);
    expect(heard.map(textOf)).toEqual(['deep']);
    expect(rejected).toEqual([]);

    const tooDeep = await wrap(await write(alice, bob.id, 'deeper'), limits.forwardDepth + 1, carol, bob);
    await bob.messenger.processMessage(tooDeep);
    expect(heard).toHaveLength(1);
    expect(rejected).toMatchObject([{ direction: 'in', error: { code: 'ERR_LIMIT' } }]);
  });

  it('is answered inside a message, to who brought it', async () => {
    const [alice, bob, carol] = await three();
    const question = await write(alice, bob.id, createMetaCommand(bob.id));
    const outer = await write(carol, bob.id, createForward(question));
    const outcome = await bob.messenger.processMessage(outer);
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    const [reply, ...more] = outcome.replies;
    if (reply === undefined) throw new Error('no answer');
    expect(more).toEqual([]);
    expect(reply.envelope.receiver.text).toBe(carol.id.text);
    const seen = await carol.messenger.processMessage(reply);
    // the answer inside is for Alice: Carol passes it on
    expect(seen).toMatchObject({ kind: 'not-for-us', receiver: { text: alice.id.text } });
    if (seen.kind !== 'not-for-us') return;
    expect(await alice.messenger.processMessage(seen.message)).toMatchObject({
      kind: 'accepted',
      message: { content: { kind: 'meta-command', id: { text: bob.id.text } } },
    });
  });

  it('comes back when it is for somebody else, exactly as it was', async () => {
    const [alice, bob, carol] = await three();
    const inner = await write(alice, carol.id, 'for Carol');
    const told = record(bob, 'not-for-us');
    const outcome = await bob.messenger.processMessage(await write(alice, bob.id, createForward(inner)));
    if (outcome.kind !== 'not-for-us') throw new Error(outcome.kind);
    expect(outcome.receiver.text).toBe(carol.id.text);
    // told once, or a carrier would deliver it twice
    expect(told).toEqual([{ message: inner, receiver: carol.id }]);
    await bob.messenger.forwardMessage(outcome.message);
    expect(bob.wire.sent.at(-1)).toEqual(inner);
    expect(textOf(await carol.messenger.processMessage(outcome.message))).toBe('for Carol');
  });

  it('is not delivered twice, directly and inside another', async () => {
    const [alice, bob, carol] = await three();
    const inner = await write(alice, bob.id, 'once');
    const heard = record(bob, 'message');
    await bob.messenger.processMessage(inner);
    const duplicate = next(bob, 'duplicate');
    expect(await bob.messenger.processMessage(await wrap(inner, 1, carol, bob))).toMatchObject({
      kind: 'accepted',
    });
    expect((await duplicate).message.data).toEqual(inner.data);
    expect(heard).toHaveLength(1);
  });

  it('waits when its writer is a stranger, and goes on as what it was', async () => {
    const [, bob, carol] = await three();
    const stranger = await person('stranger', { attachMeta: 'never' });
    await tell(stranger, bob);
    const inner = await write(stranger, bob.id, 'who am I?');
    const suspended = next(bob, 'suspended');
    await bob.messenger.processMessage(await wrap(inner, 1, carol, bob));
    expect((await suspended).waitingFor.text).toBe(stranger.id.text);
    const heard = next(bob, 'message');
    await tell(bob, stranger);
    expect((await heard).forwardedBy?.text).toBe(carol.id.text);
  });

  it('is refused on its own when somebody altered it; the message around it is good', async () => {
    const [alice, bob, carol] = await three();
    const inner = await write(alice, bob.id, 'hello');
    const altered = { ...inner, data: inner.data.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) };
    const rejected = next(bob, 'rejected');
    const outcome = await bob.messenger.processMessage(await wrap(altered, 1, carol, bob));
    expect(outcome.kind).toBe('accepted');
    expect((await rejected).error.code).toBe('ERR_SIGNATURE');
  });

  it('is for another local user as if it had come directly', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    const second = await person('bob-at-work', { facebook: bob.facebook });
    await introduce(alice, bob);
    await tell(alice, second);
    const inner = await write(alice, second.id, 'at work?');
    const outer = sentMessage(await alice.messenger.sendContent(createForward(inner), bob.id));
    const heard = next(bob, 'message');
    await bob.messenger.processMessage(outer);
    expect((await heard).receiver.text).toBe(second.id.text);

    // unless the message around it was offered to one of them only
    const other = await write(alice, second.id, 'still at work?');
    const offered = await write(alice, bob.id, createForward(other));
    expect(await bob.messenger.processMessage(offered, { as: bob.id })).toMatchObject({
      kind: 'not-for-us',
      receiver: { text: second.id.text },
    });
  });
});
