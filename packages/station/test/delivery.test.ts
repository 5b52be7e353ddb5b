import type { ID } from '@dimp/mkm';
import { createMemoryDatabase } from '@dimp/store/memory';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Delivery, type DeliveryOptions } from '../src/delivery.js';
import { openMessageStore } from '../src/level-message-store.js';
import { MemorySessionDirectory } from '../src/memory-session-directory.js';
import type { MessageStore } from '../src/message-store.js';
import {
  FakeConnection,
  type FakeSession,
  fakeSession,
  packageOf,
  rest,
  signatureOf,
  textsOf,
} from './delivery-kit.js';
import { Layer, someone, textMessage } from './store-kit.js';
import { until } from './until.js';

const [anna, bob, carl] = [someone('anna'), someone('bob'), someone('carl')];
const opened: MessageStore[] = [];

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

type Reads = Pick<MessageStore, 'openDevice' | 'pending' | 'page' | 'acknowledge'>;

async function newWorld(
  options: Partial<DeliveryOptions> = {},
  layer?: Layer,
  between: (store: MessageStore) => Reads = store => store,
) {
  const database = layer ?? createMemoryDatabase();
  await database.open();
  const store = await openMessageStore({ database });
  opened.push(store);
  const sessions = new MemorySessionDirectory();
  const errors: Error[] = [];
  const delivery = new Delivery({
    store: between(store),
    sessions,
    report: error => errors.push(error),
    ...options,
  });
  return {
    store,
    delivery,
    errors,
    async say(
      text: string,
      sender: ID = anna,
      receiver: ID = bob,
      data: string = packageOf(text),
    ): Promise<boolean> {
      const message = textMessage(sender, receiver, data);
      const added = await store.add(message);
      if (added.kind !== 'stored') throw new Error('expected a new message');
      return delivery.offer(receiver, { ...added, time: message.time, data: message.data }).isOnline;
    },
    logIn(options: Partial<FakeSession> = {}, user: ID = bob): FakeSession {
      const session = fakeSession(user, options);
      sessions.add(session);
      delivery.attach(session);
      return session;
    },
    logOut(session: FakeSession): void {
      delivery.detach(session);
      sessions.remove(session);
      session.connection.cut();
    },
    async left(user: ID = bob): Promise<number> {
      await store.idle();
      return (await store.usage(user)).messages;
    },
  };
}

/** A package with the signature of another text in front, as anybody can make it. */
function packageBehind(text: string, front: string): string {
  return JSON.stringify({ x: { signature: signatureOf(front) }, ...JSON.parse(packageOf(text)) });
}

const texts = (count: number, from = 1): string[] => Array.from({ length: count }, (_, i) => `${from + i}`);

describe('delivery', () => {
  it('has room again when all is acknowledged, although senders put signatures of others in front', async () => {
    const world = await newWorld({ window: { count: 4, bytes: 100_000 } });
    const session = world.logIn({ acknowledges: true });
    await rest();
    for (let round = 0; round < 8; round++) {
      const [one, two] = [`one ${round}`, `two ${round}`];
      await world.say(one);
      await world.say(two, carl, bob, packageBehind(two, one));
      await rest();
      for (const text of [one, two]) world.delivery.acknowledged(session, signatureOf(text));
      await rest();
    }
    expect(textsOf(session.connection).length).toBe(16);
    expect(await world.left()).toBe(0);
  });

  it('gives what is kept, oldest first and in pages, then what comes', async () => {
    const world = await newWorld();
    for (const text of texts(150)) await world.say(text);
    const { connection } = world.logIn();
    await rest();
    expect(await world.say('live')).toBe(true);
    await rest();
    expect(textsOf(connection)).toEqual([...texts(150), 'live']);
    expect(await world.left()).toBe(0);
  });

  it('tells when nobody is here', async () => {
    const world = await newWorld();
    expect(await world.say('1')).toBe(false);
    world.logOut(world.logIn());
    expect(await world.say('2')).toBe(false);
  });

  it('gives what comes while it is being read once, and in order', async () => {
    const world = await newWorld();
    for (const text of texts(100)) await world.say(text);
    const { connection } = world.logIn();
    for (const text of texts(100, 101)) await world.say(text);
    await rest();
    await rest();
    expect(textsOf(connection)).toEqual(texts(200));
    expect(await world.left()).toBe(0);
  });

  it('gives what it has read from the disk already no more when it hears of it', async () => {
    const world = await newWorld();
    const message = textMessage(anna, bob, packageOf('1'));
    const added = await world.store.add(message);
    const { connection } = world.logIn();
    await rest();
    if (added.kind !== 'stored') throw new Error('expected a new message');
    world.delivery.offer(bob, { ...added, time: message.time, data: message.data });
    expect(textsOf(connection)).toEqual(['1']);
  });

  it('misses nothing that has to wait while the last page is being read', async () => {
    let open = (): void => {};
    const gate = new Promise<void>(resolve => {
      open = resolve;
    });
    const world = await newWorld({ window: { count: 9, bytes: 150 } }, undefined, store => ({
      openDevice: (...parameters) => store.openDevice(...parameters),
      pending: (...parameters) => store.pending(...parameters),
      acknowledge: (...parameters) => store.acknowledge(...parameters),
      async page(...parameters) {
        const found = await store.page(...parameters);
        if (found.length === 0) await gate;
        return found;
      },
    }));
    await world.say('1');
    const session = world.logIn({ acknowledges: true });
    await rest();
    const large = 'x'.repeat(100);
    await world.say(large);
    open();
    await rest();
    expect(textsOf(session.connection)).toEqual(['1']);
    world.delivery.acknowledged(session, signatureOf('1'));
    await rest();
    expect(textsOf(session.connection)).toEqual(['1', large]);
  });

  it('keeps what was sent until it is acknowledged, for who does that', async () => {
    const world = await newWorld();
    await world.say('1');
    const session = world.logIn({ acknowledges: true });
    await rest();
    await world.say('2');
    await rest();
    expect(textsOf(session.connection)).toEqual(['1', '2']);
    expect(await world.left()).toBe(2);
    world.delivery.acknowledged(session, signatureOf('2'));
    world.delivery.acknowledged(session, signatureOf('2'));
    world.delivery.acknowledged(session, 'unknown');
    expect(await world.left()).toBe(1);
    world.logOut(session);
    const next = world.logIn({ acknowledges: true });
    await rest();
    expect(textsOf(next.connection)).toEqual(['1']);
    world.delivery.acknowledged(next, signatureOf('1'));
    expect(await world.left()).toBe(0);
  });

  it('does not count as given what never left', async () => {
    const world = await newWorld();
    const session = world.logIn({ connection: new FakeConnection(false) });
    await rest();
    for (const text of texts(3)) await world.say(text);
    session.connection.leave(1);
    world.logOut(session);
    const next = world.logIn();
    await rest();
    expect(textsOf(next.connection)).toEqual(['2', '3']);
  });

  it('has so many messages under way only, and goes on by what is acknowledged', async () => {
    const world = await newWorld({ window: { count: 4, bytes: 1_000_000 } });
    for (const text of texts(6)) await world.say(text);
    const session = world.logIn({ acknowledges: true });
    await rest();
    expect(textsOf(session.connection)).toEqual(texts(4));
    await world.say('7');
    world.delivery.acknowledged(session, signatureOf('1'));
    await rest();
    expect(textsOf(session.connection)).toEqual(texts(4));
    world.delivery.acknowledged(session, signatureOf('2'));
    await rest();
    expect(textsOf(session.connection)).toEqual(texts(6));
    for (const text of texts(4, 3)) world.delivery.acknowledged(session, signatureOf(text));
    await rest();
    expect(textsOf(session.connection)).toEqual(texts(7));
    await world.say('8');
    expect(textsOf(session.connection)).toEqual(texts(8));
  });

  it('has so many bytes under way only, but one message whatever its size', async () => {
    const world = await newWorld({ window: { count: 100, bytes: 300 } });
    for (const text of ['a'.repeat(400), 'b', 'c'.repeat(400)]) await world.say(text);
    const session = world.logIn({ acknowledges: true });
    await rest();
    expect(session.connection.sent.length).toBe(1);
    world.delivery.acknowledged(session, signatureOf('a'.repeat(400)));
    await rest();
    expect(session.connection.sent.length).toBe(2);
    world.delivery.acknowledged(session, signatureOf('b'));
    await rest();
    expect(session.connection.sent.length).toBe(3);
  });

  it('gives nothing more to a slow reader, and goes on from the store', async () => {
    const world = await newWorld({ bufferedBytes: 200 });
    const session = world.logIn({ connection: new FakeConnection(false) });
    const other = world.logIn({ device: 'desk' });
    await rest();
    for (const text of texts(50)) await world.say(text);
    await rest();
    const atFirst = session.connection.sent.length;
    expect(atFirst).toBeLessThan(8);
    expect(textsOf(other.connection)).toEqual(texts(50));
    while (session.connection.sent.length < 50) {
      session.connection.leave();
      await rest();
    }
    session.connection.leave();
    expect(textsOf(session.connection)).toEqual(texts(50));
    expect(await world.left()).toBe(0);
  });

  it('gives one message to a connection that is full of other things, so that it hears of room', async () => {
    const world = await newWorld({ bufferedBytes: 200 });
    const session = world.logIn({ connection: new FakeConnection(false) });
    await rest();
    session.connection.bufferedBytes = 1000;
    for (const text of texts(3)) await world.say(text);
    expect(textsOf(session.connection)).toEqual(['1']);
    session.connection.bufferedBytes = 0;
    session.connection.leave();
    await rest();
    expect(textsOf(session.connection)).toEqual(texts(3));
  });

  it('lets what comes from others pass what is kept, and no sender himself', async () => {
    const world = await newWorld({ window: { count: 4, bytes: 1_000_000 } });
    for (const text of texts(8)) await world.say(text);
    const session = world.logIn({ acknowledges: true });
    await rest();
    // there is room for one, but it is not worth reading yet
    world.delivery.acknowledged(session, signatureOf('1'));
    await world.say('9');
    await world.say('from carl', carl);
    expect(textsOf(session.connection)).toEqual([...texts(4), 'from carl']);
    for (let i = 0; i < 10; i++) {
      for (const text of texts(9)) world.delivery.acknowledged(session, signatureOf(text));
      await rest();
    }
    world.delivery.acknowledged(session, signatureOf('from carl'));
    expect(textsOf(session.connection)).toEqual([...texts(4), 'from carl', ...texts(5, 5)]);
    expect(await world.left()).toBe(0);
  });

  it('gives everything to all connections, also two of one device', async () => {
    const world = await newWorld();
    const all = [world.logIn(), world.logIn(), world.logIn({ device: 'desk' })];
    await rest();
    await world.say('1');
    expect(all.map(({ connection }) => textsOf(connection))).toEqual([['1'], ['1'], ['1']]);
    await rest();
    expect(await world.left()).toBe(0);
  });

  it('keeps a message until each device has it', async () => {
    const world = await newWorld();
    world.logOut(world.logIn({ device: 'desk' }));
    await rest();
    const phone = world.logIn({ device: 'phone' });
    await rest();
    await world.say('1');
    await rest();
    expect(textsOf(phone.connection)).toEqual(['1']);
    expect(await world.left()).toBe(1);
    const desk = world.logIn({ device: 'desk' });
    await rest();
    expect(textsOf(desk.connection)).toEqual(['1']);
    expect(await world.left()).toBe(0);
  });

  it('gives a session that comes back what came meanwhile', async () => {
    const world = await newWorld();
    const session = world.logIn();
    await rest();
    await world.say('1');
    await rest();
    world.delivery.detach(session);
    await world.say('2');
    world.delivery.attach(session);
    await rest();
    expect(textsOf(session.connection)).toEqual(['1', '2']);
  });

  it('takes the acknowledgement of who takes the first signature in the text', async () => {
    const world = await newWorld();
    const session = world.logIn({ acknowledges: true });
    await rest();
    const data = JSON.stringify({ visa: { signature: 'inner' }, data: 'x', signature: 'outer' });
    const message = textMessage(anna, bob, data);
    const added = await world.store.add(message);
    if (added.kind !== 'stored') throw new Error('expected a new message');
    world.delivery.offer(bob, { ...added, time: message.time, data: message.data });
    world.delivery.acknowledged(session, 'inner');
    world.delivery.acknowledged(session, 'outer');
    expect(await world.left()).toBe(0);
  });

  it('closes a connection whose messages cannot be read, and reports it', async () => {
    const layer = new Layer();
    const world = await newWorld({}, layer);
    await world.say('1');
    layer.readFails = true;
    const session = world.logIn();
    await rest();
    expect(session.connection.closedFor).toBe('internal');
    expect(world.errors.map(error => (error as { code?: string }).code)).toContain('ERR_STORE_CORRUPT');
    layer.readFails = false;
    world.logOut(session);
    const next = world.logIn();
    await rest();
    expect(textsOf(next.connection)).toEqual(['1']);
  });

  it('gives what is kept when the disk takes nothing more', async () => {
    const layer = new Layer();
    const world = await newWorld({}, layer);
    await world.say('1');
    layer.fails = 'before';
    const session = world.logIn();
    await rest();
    expect(textsOf(session.connection)).toEqual(['1']);
    expect(world.errors.map(error => (error as { code?: string }).code)).toEqual(['ERR_STATION_STORAGE']);
    layer.fails = undefined;
  });

  it('begins nothing when it is closed', async () => {
    const world = await newWorld({ window: { count: 1, bytes: 1_000_000 } });
    for (const text of texts(3)) await world.say(text);
    const session = world.logIn({ acknowledges: true });
    await world.delivery.close();
    expect(session.connection.sent.length).toBeLessThan(2);
    await rest();
    for (const text of textsOf(session.connection)) world.delivery.acknowledged(session, signatureOf(text));
    await rest();
    expect(session.connection.sent.length).toBeLessThan(2);
    expect(world.logIn().connection.sent).toEqual([]);
  });
});

describe('a device that does not acknowledge everything', () => {
  const window = { count: 8, bytes: 1_000_000 };
  /** Longer than the reader of a busy machine takes. */
  const patience = 0.2;
  const isJunk = (text: string): boolean => text.startsWith('junk');
  const junk = (count: number): string[] => texts(count).map(text => `junk ${text}`);

  /** A session that acknowledges what is no junk, as it comes, until it is logged out. */
  function newReader(
    world: Awaited<ReturnType<typeof newWorld>>,
    acknowledges = (text: string) => !isJunk(text),
  ) {
    const session = world.logIn({ acknowledges: true });
    let heard = 0;
    const hear = (): void => {
      for (const text of textsOf(session.connection).slice(heard)) {
        heard++;
        if (acknowledges(text)) world.delivery.acknowledged(session, signatureOf(text));
      }
    };
    return {
      session,
      heard: () => textsOf(session.connection),
      /** Goes on until a text was heard. */
      async until(text: string): Promise<void> {
        await until(() => {
          hear();
          return textsOf(session.connection).includes(text);
        });
        hear();
        await rest();
      },
    };
  }

  it('gets what is behind, however many it never acknowledges', async () => {
    const world = await newWorld({ window, patience });
    for (const text of [...junk(50), ...texts(50)]) await world.say(text);
    const reader = newReader(world);
    await reader.until('50');
    expect(reader.heard()).toEqual([...junk(50), ...texts(50)]);
    await world.say('live');
    await reader.until('live');
    expect(await world.left()).toBe(50);
  });

  it('is not waited for as long as it acknowledges some', async () => {
    // nobody could wait for this long
    const world = await newWorld({ window, patience: 100_000 });
    const mixed = texts(100).flatMap(text => [`junk ${text}`, text]);
    for (const text of mixed) await world.say(text);
    const reader = newReader(world);
    await reader.until('100');
    expect(reader.heard()).toEqual(mixed);
    expect(await world.left()).toBe(100);
  });

  it('is given live messages too when its window is full of such', async () => {
    const world = await newWorld({ window, patience });
    const reader = newReader(world);
    await rest();
    for (const text of [...junk(20), 'live']) await world.say(text);
    await reader.until('live');
    expect(reader.heard()).toEqual([...junk(20), 'live']);
  });

  it('may acknowledge late', async () => {
    const world = await newWorld({ window, patience });
    for (const text of texts(12)) await world.say(text);
    const reader = newReader(world, () => false);
    await reader.until('12');
    // one window more is remembered than is under way
    for (const text of texts(12)) world.delivery.acknowledged(reader.session, signatureOf(text));
    expect(await world.left()).toBe(0);
  });

  it('is offered it again after each login, a part of it and the rest the next time, and what is new at once', async () => {
    const world = await newWorld({ window, patience });
    for (const text of [...junk(10), ...texts(8)]) await world.say(text);
    const first = newReader(world);
    await first.until('8');
    world.logOut(first.session);

    const again: string[][] = [];
    for (let login = 1; login <= 4; login++) {
      await world.say(`new ${login}`);
      const reader = newReader(world);
      await reader.until(`new ${login}`);
      again.push(reader.heard().filter(isJunk));
      expect(reader.heard().filter(text => !isJunk(text))).toEqual([`new ${login}`]);
      world.logOut(reader.session);
    }
    const [one = [], two = [], three = [], four = []] = again;
    expect([one.length, two.length]).toEqual([4, 4]);
    expect([...one, ...two, ...three]).toEqual(junk(10));
    expect(four).toEqual(one);
    expect(await world.left()).toBe(10);
  });

  it('is offered all again, in order, when it acknowledged nothing at all: it may have been dead', async () => {
    const world = await newWorld({ window, patience });
    for (const text of texts(30)) await world.say(text);
    const dead = newReader(world, () => false);
    await dead.until('30');
    world.logOut(dead.session);
    const reader = newReader(world);
    await reader.until('30');
    expect(reader.heard()).toEqual(texts(30));
    expect(await world.left()).toBe(0);
  });

  it('is not given more while what it has been given has not left', async () => {
    const world = await newWorld({ window, patience: 0.005 });
    for (const text of texts(30)) await world.say(text);
    const session = world.logIn({ acknowledges: true, connection: new FakeConnection(false) });
    await rest();
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(session.connection.sent.length).toBe(8);
    session.connection.leave();
    await until(() => {
      session.connection.leave();
      return session.connection.sent.length >= 30;
    });
    expect(textsOf(session.connection)).toEqual(texts(30));
  });
});
