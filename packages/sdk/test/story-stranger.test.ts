import { createMetaCommand } from '@dimp/dkd';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryRelay, type Missing } from '../src/index.js';
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

afterEach(() => {
  jest.useRealTimers();
});

/** Bob, and a stranger who knows Bob but never shows his own meta. */
async function bobAndStranger(waiting = {}): Promise<{ bob: Person; stranger: Person; asked: Missing[] }> {
  const asked: Missing[] = [];
  const bob = await person('bob', { waiting, resolver: { request: missing => void asked.push(missing) } });
  const stranger = await person('stranger', { attachMeta: 'never' });
  await tell(stranger, bob);
  return { bob, stranger, asked };
}

describe('a message from a stranger', () => {
  it('waits, the meta is asked for once, and when it comes the messages go on in their order', async () => {
    const { bob, stranger, asked } = await bobAndStranger();
    const suspended = record(bob, 'suspended');
    for (const text of ['one', 'two', 'three']) {
      const outcome = await bob.messenger.processMessage(await write(stranger, bob.id, text));
      expect(outcome).toMatchObject({ kind: 'suspended', waitingFor: { text: stranger.id.text } });
    }
    expect(bob.messenger.waiting).toBe(3);
    expect(suspended.map(({ direction }) => direction)).toEqual(['in', 'in', 'in']);
    expect(asked).toMatchObject([
      { what: 'meta', id: { text: stranger.id.text }, sender: { text: stranger.id.text } },
    ]);

    const heard = several(bob, 'message', 3);
    const resumed = several(bob, 'resumed', 3);
    await tell(bob, stranger);
    expect((await heard).map(textOf)).toEqual(['one', 'two', 'three']);
    expect((await resumed).map(({ outcome }) => outcome.kind)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(bob.messenger.waiting).toBe(0);
  });

  it('goes on when a station brings the meta', async () => {
    const { bob, stranger } = await bobAndStranger();
    const station = await person('station');
    await introduce(bob, station);
    await bob.messenger.processMessage(await write(stranger, bob.id, 'are you there?'));
    const heard = next(bob, 'message');
    const command = createMetaCommand(stranger.id, await stranger.user.meta());
    await bob.messenger.processMessage(await write(station, bob.id, command));
    expect(textOf(await heard)).toBe('are you there?');
  });

  it('goes before what came in after the meta', async () => {
    const { bob, stranger } = await bobAndStranger();
    const first = await write(stranger, bob.id, 'one');
    const second = await write(stranger, bob.id, 'two');
    const heard = several(bob, 'message', 2);
    await bob.messenger.processMessage(first);
    await tell(bob, stranger);
    await bob.messenger.processMessage(second);
    expect((await heard).map(textOf)).toEqual(['one', 'two']);
  });

  it('needs no waiting when the meta comes along', async () => {
    const bob = await person('bob');
    const stranger = await person('stranger');
    await tell(stranger, bob);
    const first = await write(stranger, bob.id, 'hello');
    expect(first.meta).toBeDefined();
    expect(textOf(await bob.messenger.processMessage(first))).toBe('hello');
    expect((await write(stranger, bob.id, 'once is enough')).meta).toBeUndefined();
  });

  it('ends when the meta does not come in time, and the application is told', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate'] });
    const { bob, stranger, asked } = await bobAndStranger({ patience: 60 });
    const rejected = record(bob, 'rejected');
    const message = await write(stranger, bob.id, 'one');
    await bob.messenger.processMessage(message);
    jest.advanceTimersByTime(30_000);
    await bob.messenger.processMessage(await write(stranger, bob.id, 'two'));
    jest.advanceTimersByTime(29_999);
    expect(rejected).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(rejected).toMatchObject([
      { direction: 'in', error: { code: 'ERR_WAITING_EXPIRED', id: stranger.id.text } },
    ]);
    expect(rejected[0]?.message).toMatchObject({ data: message.data });
    jest.advanceTimersByTime(30_000);
    expect(rejected).toHaveLength(2);
    expect(bob.messenger.waiting).toBe(0);

    // a new message is a new reason to ask
    expect(asked).toHaveLength(1);
    await bob.messenger.processMessage(await write(stranger, bob.id, 'three'));
    expect(bob.messenger.waiting).toBe(1);
    await settled();
    expect(asked).toHaveLength(2);
  });

  it('is given up when too many others wait', async () => {
    const { bob, stranger } = await bobAndStranger({ capacity: 2 });
    const rejected = record(bob, 'rejected');
    const messages = [];
    for (const text of ['one', 'two', 'three']) messages.push(await write(stranger, bob.id, text));
    for (const message of messages) await bob.messenger.processMessage(message);
    expect(rejected).toMatchObject([
      { direction: 'in', error: { code: 'ERR_WAITING_CROWDED' }, message: { data: messages[0]?.data } },
    ]);
    const heard = several(bob, 'message', 2);
    await tell(bob, stranger);
    expect((await heard).map(textOf)).toEqual(['two', 'three']);
  });

  it('ends when the messenger is closed, before and after', async () => {
    const { bob, stranger } = await bobAndStranger();
    const rejected = record(bob, 'rejected');
    await bob.messenger.processMessage(await write(stranger, bob.id, 'one'));
    await bob.messenger.close();
    expect(rejected).toMatchObject([{ direction: 'in', error: { code: 'ERR_WAITING_CLOSED' } }]);
    expect(bob.messenger.waiting).toBe(0);
    await bob.messenger.processMessage(await write(stranger, bob.id, 'two'));
    expect(rejected).toHaveLength(2);
    expect(bob.messenger.waiting).toBe(0);
  });

  it('is refused at once when its sender is everybody', async () => {
    const { bob, stranger, asked } = await bobAndStranger();
    const message = await write(stranger, bob.id, 'one');
    const sender = bob.facebook.parseID('anyone@anywhere');
    const outcome = await bob.messenger.processMessage({
      ...message,
      envelope: { ...message.envelope, sender },
    });
    expect(outcome).toMatchObject({ kind: 'rejected', error: { code: 'ERR_NOT_FOUND' } });
    expect(asked).toEqual([]);
  });

  it('keeps waiting when the resolver fails, which is told', async () => {
    const bob = await person('bob', {
      resolver: {
        request() {
          throw new Error('no connection');
        },
      },
    });
    const stranger = await person('stranger', { attachMeta: 'never' });
    await tell(stranger, bob);
    const told = next(bob, 'rejected');
    await bob.messenger.processMessage(await write(stranger, bob.id, 'one'));
    expect(await told).toMatchObject({
      direction: 'out',
      error: { code: 'ERR_INTERNAL', cause: { message: 'no connection' } },
    });
    expect(bob.messenger.waiting).toBe(1);
  });
});

describe('a sender who was only heard in a broadcast', () => {
  it('gets our meta with the first message to him', async () => {
    const relay = new MemoryRelay();
    const alice = await person('alice', { relay });
    const bob = await person('bob', { relay });
    await tell(alice, bob);
    const heard = next(alice, 'message');
    await write(bob, bob.facebook.parseID('everyone@everywhere'), 'who is here?');
    expect(textOf(await heard)).toBe('who is here?');
    const answered = next(bob, 'message');
    await write(alice, bob.id, 'I am');
    expect(textOf(await answered)).toBe('I am');
  });
});

describe('an answer to somebody who was forwarded to', () => {
  it('still brings our meta: passing on what others wrote introduces nobody', async () => {
    const alice = await person('alice');
    const bob = await person('bob');
    const carol = await person('carol');
    await introduce(bob, carol);
    await tell(alice, bob);
    await alice.messenger.forwardMessage(await write(carol, bob.id, 'from Carol'));
    expect((await write(alice, bob.id, 'from Alice')).meta).toBeDefined();
  });
});
