import { createMetaCommand, createText } from '@dimp/dkd';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  MemoryConversations,
  MemoryOutbox,
  type MessengerOptions,
  type Transport,
  TransportError,
} from '../src/index.js';
import { introduce, type Person, person, record, settled, textOf, until, Wire, write } from './kit.js';

/** What stands between a package that was handed over and its acknowledgement. */
interface UnderWay {
  readonly number: number;
  take(): void;
  refuse(error: Error): void;
}

/** A transport that is asked by hand for each acknowledgement. */
class WideWire extends Wire implements Transport {
  readonly window: number;
  readonly underWay: UnderWay[] = [];
  readonly ready = new Set<() => void>();
  /** Listeners' answers to what was delivered. */
  readonly arrivals: Promise<void>[] = [];
  #count = 0;

  constructor(window: number) {
    super();
    this.window = window;
  }

  override send(data: Uint8Array): Promise<void> {
    super.send(data);
    return new Promise((resolve, reject) => {
      this.underWay.push({ number: this.#count++, take: resolve, refuse: reject });
    });
  }

  override subscribe(listener: (data: Uint8Array) => void | PromiseLike<void>): () => void {
    return super.subscribe(data => void this.arrivals.push(Promise.resolve(listener(data))));
  }

  onReady(listener: () => void): () => void {
    this.ready.add(listener);
    return () => this.ready.delete(listener);
  }
}

let outbox: MemoryOutbox;
let conversations: MemoryConversations;
let wire: WideWire;
let alice: Person;
let bob: Person;

const say = (text: string) => alice.messenger.sendContent(createText(text), bob.id);

async function newAlice(options: MessengerOptions = {}): Promise<Person> {
  return person('alice', { outbox, conversations, transport: wire, ...options });
}

beforeEach(async () => {
  outbox = new MemoryOutbox();
  conversations = new MemoryConversations();
  wire = new WideWire(3);
  [alice, bob] = [await newAlice(), await person('bob')];
  await introduce(alice, bob);
});

/** What Bob reads in the packages that were handed over since. */
async function handedOver(): Promise<readonly (string | undefined)[]> {
  const texts = [];
  for (const message of wire.sent.splice(0)) texts.push(textOf(await bob.messenger.processMessage(message)));
  return texts;
}

describe('an outbox over a transport with a window', () => {
  it('hands over as many as it has room for, in order, and each leaves when it is acknowledged', async () => {
    const sending = ['one', 'two', 'three', 'four', 'five'].map(say);
    await settled();
    expect(await handedOver()).toEqual(['one', 'two', 'three']);
    wire.underWay[1]?.take();
    expect((await sending[1])?.kind).toBe('sent');
    expect(outbox.list()).toHaveLength(4);
    await settled();
    expect(await handedOver()).toEqual(['four']);
    for (const number of [0, 2, 3]) wire.underWay[number]?.take();
    await settled();
    expect(await handedOver()).toEqual(['five']);
    wire.underWay[4]?.take();
    expect((await Promise.all(sending)).map(({ kind }) => kind)).toEqual(Array(5).fill('sent'));
    expect(outbox.list()).toEqual([]);
  });

  it('gives up what is refused for good, and nothing else', async () => {
    const sending = ['one', 'two', 'three', 'four'].map(say);
    await settled();
    wire.underWay[1]?.refuse(new TransportError('no', { code: 'ERR_BLOCKED', isFinal: true }));
    await settled();
    for (const number of [0, 2, 3]) wire.underWay[number]?.take();
    const kinds = (await Promise.all(sending)).map(({ kind }) => kind);
    expect(kinds).toEqual(['sent', 'failed', 'sent', 'sent']);
    expect(wire.underWay).toHaveLength(4);
  });

  it('keeps what was not taken and what is behind it, and sends again only these', async () => {
    const sending = ['one', 'two', 'three', 'four'].map(say);
    await settled();
    wire.underWay[0]?.refuse(new TransportError('cut'));
    await settled();
    wire.underWay[1]?.take();
    wire.underWay[2]?.refuse(new TransportError('cut'));
    const kinds = (await Promise.all(sending)).map(({ kind }) => kind);
    expect(kinds).toEqual(['queued', 'sent', 'queued', 'queued']);
    expect(await handedOver()).toEqual(['one', 'two', 'three']);
    expect(wire.underWay).toHaveLength(3);

    for (const listener of wire.ready) listener();
    await settled();
    expect(wire.underWay).toHaveLength(6);
    for (const { take } of wire.underWay) take();
    await settled();
    expect(outbox.list()).toEqual([]);
    // Bob knew two of them: they are the same messages
    expect((await handedOver()).filter(Boolean)).toEqual(['four']);
  });

  it('goes on when the transport is ready while what was cut off is still noticed', async () => {
    const first = say('one');
    await settled();
    for (const listener of wire.ready) listener();
    wire.underWay[0]?.refuse(new TransportError('cut'));
    expect((await first).kind).toBe('queued');
    await settled();
    expect(wire.underWay).toHaveLength(2);
    wire.underWay[1]?.take();
    await settled();
    expect(outbox.list()).toEqual([]);
  });

  it('hears no more of a transport after it was closed', async () => {
    await alice.messenger.close();
    expect(wire.ready.size).toBe(0);
  });
});

describe('a time to try again', () => {
  it('is kept by itself, and nothing knocks before', async () => {
    const first = say('one');
    await settled();
    wire.underWay[0]?.refuse(new TransportError('too fast', { code: 'ERR_BUSY', retryAfter: 1 }));
    expect(await first).toMatchObject({ kind: 'queued', error: { code: 'ERR_BUSY' } });
    expect(await say('two')).toMatchObject({ kind: 'queued', error: { code: 'ERR_BUSY' } });
    expect(wire.underWay).toHaveLength(1);
    await until(() => wire.underWay.length === 3);
    for (const { take } of wire.underWay) take();
    await settled();
    expect([outbox.list(), (await handedOver()).filter(Boolean)]).toEqual([[], ['one', 'two']]);
  });

  it('is not waited for when the transport is ready again, nor after closing', async () => {
    const first = say('one');
    await settled();
    wire.underWay[0]?.refuse(new TransportError('later', { retryAfter: 1e9 }));
    await first;
    for (const listener of wire.ready) listener();
    await settled();
    expect(wire.underWay).toHaveLength(2);
    wire.underWay[1]?.refuse(new TransportError('later', { retryAfter: 1e9 }));
    await settled();
    // a timer that is left would keep the test from ending
    await alice.messenger.close();
    expect(outbox.list()).toHaveLength(1);
  });
});

describe('a transport hears that a package has been taken care of', () => {
  const outcome = (): Promise<string> =>
    (wire.arrivals.at(-1) ?? Promise.reject(new Error('nothing came'))).then(
      () => 'taken',
      error => error.code,
    );

  it('when it was accepted, and does not wait for answers', async () => {
    const kept = record(alice, 'message');
    wire.deliver(await write(bob, alice.id, 'hello'));
    expect([await outcome(), kept.map(textOf)]).toEqual(['taken', ['hello']]);
    const direct = new WideWire(1);
    const carol = await person('carol', { transport: direct });
    await introduce(bob, carol);
    direct.deliver(await write(bob, carol.id, createMetaCommand(carol.id)));
    await direct.arrivals[0];
    await settled();
    // the answer was handed over, and nobody acknowledges it
    expect(direct.underWay).toHaveLength(1);
  });

  it('when it was rejected, known before, suspended or not for us', async () => {
    const message = await write(bob, alice.id, 'hello');
    wire.deliver(message, message);
    expect(await outcome()).toBe('taken');
    wire.deliver({ ...message, data: Uint8Array.of(1, 2, 3) });
    expect(await outcome()).toBe('taken');
    const stranger = await person('stranger', { attachMeta: 'never' });
    await stranger.facebook.saveMeta(await alice.user.meta(), alice.id);
    wire.deliver(await write(stranger, alice.id, 'who am I?'));
    expect([await outcome(), alice.messenger.waiting]).toEqual(['taken', 1]);
    const carol = await person('carol');
    await introduce(bob, carol);
    wire.deliver(await write(bob, carol.id, 'for another'));
    expect(await outcome()).toBe('taken');
  });

  it('but not when it could not be kept: then it has to come again', async () => {
    await alice.messenger.close();
    const broken = new MemoryConversations();
    broken.add = () => {
      throw new Error('disk full');
    };
    const other = await newAlice({ facebook: alice.facebook, conversations: broken });
    const rejected = record(other, 'rejected');
    wire.deliver(await write(bob, alice.id, 'hello'));
    expect(await outcome()).toBe('ERR_INTERNAL');
    expect(rejected).toMatchObject([{ direction: 'in', error: { code: 'ERR_INTERNAL' } }]);
  });
});
