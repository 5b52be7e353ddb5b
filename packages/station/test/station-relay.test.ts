import { parsePackage } from '@dimp/core';
import type { JsonObject } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { formatReliableMessage, parseReliableMessage, type ReliableMessage } from '@dimp/dkd';
import { createProfile, type EntityDataSource, type ID, parseID } from '@dimp/mkm';
import { defaultAddresses } from '@dimp/mkm/defaults';
import { defaultProtocol } from '@dimp/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openMessageStore } from '../src/level-message-store.js';
import { MemorySessionDirectory } from '../src/memory-session-directory.js';
import type { MessageStore } from '../src/message-store.js';
import { type Metrics, noMetrics } from '../src/metrics.js';
import type { RetentionOptions } from '../src/options.js';
import type { Relayed } from '../src/relay.js';
import { StationRelay } from '../src/station-relay.js';
import { type FakeConnection, type FakeSession, fakeSession, rest } from './delivery-kit.js';
import { Layer } from './store-kit.js';

const context = { addresses: defaultAddresses };
const id = (text: string): ID => parseID(text, context);
const station = id('gsp-s001@x77uVYBT1G48CLzW9iwe2dr5jhUNEM772G');
const other = id('gsp-s002@wpjUWg1oYDnkHh74tHQFPxii6q9j3ymnyW');
const hulk = id('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj');
const moki = id('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk');
const assistant = id('assistant@2PpB6iscuBjA15oTjAsiswoX9qis5V3c1Dq');
const group = id('Group-1280719982@7oMeWadRw4qat2sL4mTdcQSDAqZSo7LH5G');
const everyone = id('everyone@everywhere');

const opened: MessageStore[] = [];

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

interface Given {
  readonly retention?: RetentionOptions;
  /** Pairs of IDs: who has blocked whom. */
  readonly blocked?: readonly (readonly [ID, ID])[];
  readonly banned?: readonly ID[];
  readonly people?: EntityDataSource;
  readonly lookUp?: () => Promise<void>;
}

const nobody: EntityDataSource = { loadMeta: () => undefined, loadProfile: () => undefined };

async function newWorld(given: Given = {}) {
  const layer = new Layer();
  await layer.open();
  const store = await openMessageStore(
    { database: layer },
    given.retention ? { retention: given.retention } : {},
  );
  opened.push(store);
  const sessions = new MemorySessionDirectory();
  const counted: string[] = [];
  const metrics: Metrics = {
    ...noMetrics,
    stored: bytes => counted.push(`stored ${bytes > 0}`),
    repeated: () => counted.push('repeated'),
    refused: reason => counted.push(`refused ${reason}`),
    delivered: () => counted.push('delivered'),
  };
  const relay = new StationRelay({
    store,
    sessions,
    metrics,
    station,
    context,
    people: given.people ?? nobody,
    bufferedBytes: 10_000,
    users: {
      isBanned: user => (given.banned ?? []).some(({ key }) => key === user.key),
      async isBlocked(by, who) {
        await given.lookUp?.();
        return (given.blocked ?? []).some(([a, b]) => a.key === by.key && b.key === who.key);
      },
    },
  });
  const world = {
    store,
    relay,
    layer,
    counted,
    logIn(user: ID, options: Partial<FakeSession> = {}): FakeSession {
      const session = fakeSession(user, options);
      sessions.add(session);
      relay.attach(session);
      return session;
    },
    send(json: JsonObject, from: FakeSession = fakeSession(moki)): Promise<Relayed> {
      const message = parseReliableMessage(json, context);
      return relay.accept(message, encodeUtf8(JSON.stringify(json)), from);
    },
    async kept(user: ID): Promise<ReliableMessage[]> {
      const found = await store.page(user, 'a new device', 0, { count: 9, bytes: 1e6 });
      return found.map(({ data }) => parsePackage(data, protocol));
    },
  };
  return world;
}

const protocol = defaultProtocol();

/** The package of a text, as its sender writes it: not as this code would. */
function letter(text: string, members: JsonObject = {}): JsonObject {
  const data = Buffer.from(text).toString('base64');
  return {
    signature: Buffer.from(`signature of ${text}`).toString('base64'),
    data,
    sender: moki.text,
    receiver: hulk.text,
    time: 1_700_000_000,
    'x-later': [1, null],
    key: 'AAAA',
    ...members,
  };
}

function news(text: string, members: JsonObject = {}): JsonObject {
  const { key: _, ...rest } = letter(text);
  return { ...rest, data: JSON.stringify({ type: 1, sn: 1, text }), receiver: everyone.text, ...members };
}

const json = (connection: FakeConnection): JsonObject[] => connection.sent.map(sent => JSON.parse(sent));

describe('station relay', () => {
  it('keeps a message for who is not here, byte for byte', async () => {
    const { send, kept, counted } = await newWorld();
    expect(await send(letter('hello'))).toEqual({ kind: 'stored', isOnline: false });
    expect((await kept(hulk)).map(formatReliableMessage)).toEqual([letter('hello')]);
    expect(counted).toEqual(['stored true']);
  });

  it('hands a message to all sessions of who is here', async () => {
    const { send, logIn, counted } = await newWorld();
    const sessions = [logIn(hulk), logIn(hulk, { device: 'desk' })];
    await rest();
    expect(await send(letter('hello'))).toEqual({ kind: 'stored', isOnline: true });
    for (const { connection } of sessions) expect(connection.sent).toEqual([JSON.stringify(letter('hello'))]);
    expect(counted).toEqual(['stored true', 'delivered', 'delivered']);
  });

  it('takes a message once', async () => {
    const { send, kept, counted } = await newWorld();
    await send(letter('hello'));
    expect(await send(letter('hello', { key: 'BBBB' }))).toEqual({ kind: 'repeated' });
    expect((await kept(hulk)).length).toBe(1);
    expect(counted).toEqual(['stored true', 'repeated']);
  });

  it('keeps the order of a sender, also while somebody is looked up', async () => {
    let wait = 20;
    const lookUp = () => new Promise<void>(resolve => setTimeout(resolve, wait--));
    const { send, logIn } = await newWorld({ lookUp });
    const { connection } = logIn(hulk);
    await rest();
    const texts = Array.from({ length: 10 }, (_, index) => `${index}`);
    await Promise.all(texts.map(text => send(letter(text))));
    expect(json(connection).map(({ data }) => Buffer.from(data as string, 'base64').toString())).toEqual(
      texts,
    );
  });

  it('refuses for who has blocked the sender, and from who is banned', async () => {
    const blocked = await newWorld({ blocked: [[hulk, moki]] });
    expect(await blocked.send(letter('hello'))).toEqual({ kind: 'refused', refusal: { reason: 'blocked' } });
    expect(await blocked.kept(hulk)).toEqual([]);
    const banned = await newWorld({ banned: [moki] });
    expect(await banned.send(letter('hello'))).toEqual({ kind: 'refused', refusal: { reason: 'banned' } });
  });

  it('refuses when too much is kept, and names no time: only its receiver can make room', async () => {
    const world = await newWorld({
      retention: { days: 1, messagesPerUser: 1, bytesPerUser: 10_000, totalBytes: 20_000 },
    });
    await world.send(letter('1'));
    const refusal = { reason: 'receiver-full' };
    expect(await world.send(letter('2'))).toEqual({ kind: 'refused', refusal });
  });

  it('refuses for a while when the disk takes nothing', async () => {
    const { send, layer, kept } = await newWorld();
    layer.fails = 'before';
    const refusal = { reason: 'storage', retryAfter: 10 };
    expect(await send(letter('1'))).toEqual({ kind: 'refused', refusal });
    layer.fails = undefined;
    expect(await send(letter('1'))).toEqual({ kind: 'stored', isOnline: false });
    expect((await kept(hulk)).length).toBe(1);
  });

  it('refuses for a name that nobody goes by', async () => {
    const { send } = await newWorld();
    expect(await send(letter('1', { receiver: 'announcer@anywhere', data: 'x' }))).toEqual({
      kind: 'refused',
      refusal: { reason: 'unknown-receiver' },
    });
  });

  it('is not for what the station itself is told', async () => {
    const { send } = await newWorld();
    await expect(send(letter('1', { receiver: station.text }))).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });

  it('gives what was kept, and takes acknowledgements', async () => {
    const { send, logIn, relay, store } = await newWorld();
    await send(letter('hello'));
    const session = logIn(hulk, { acknowledges: true });
    await rest();
    expect(json(session.connection)).toEqual([letter('hello')]);
    relay.acknowledged(session, letter('hello')['signature'] as string);
    await store.idle();
    expect(store.total.messages).toBe(0);
    relay.detach(session);
    expect(await send(letter('bye'))).toEqual({ kind: 'stored', isOnline: false });
  });

  it('stops: refuses what comes, and has written what came', async () => {
    const { send, relay, kept } = await newWorld();
    const sent = send(letter('before'));
    const closed = relay.close();
    const refusal = { reason: 'stopping', retryAfter: 10 };
    expect(await send(letter('after'))).toEqual({ kind: 'refused', refusal });
    await closed;
    expect(await sent).toEqual({ kind: 'stored', isOnline: false });
    expect((await kept(hulk)).length).toBe(1);
  });
});

describe('station relay: groups', () => {
  // moki is the sender
  const keys = {
    [hulk.text]: 'SFVMSw==',
    [moki.text]: 'TU9LSQ==',
    [assistant.text]: 'QVNTSVNU',
    digest: 'abc',
  };
  const groupLetter = (text: string, members: JsonObject = {}): JsonObject => {
    const { key: _, ...rest } = letter(text);
    return { ...rest, receiver: group.text, keys, ...members };
  };

  it('splits a message for the members with a key in it', async () => {
    const { send, kept, logIn } = await newWorld();
    const { connection } = logIn(hulk);
    await rest();
    expect(await send(groupLetter('hello'))).toEqual({ kind: 'stored', isOnline: true });
    const [part] = json(connection);
    const { keys: _, ...rest1 } = groupLetter('hello');
    expect(part).toEqual({ ...rest1, receiver: hulk.text, group: group.text, key: 'SFVMSw==' });
    const [other] = await kept(assistant);
    expect(other?.encryptedKey).toBe('QVNTSVNU');
    expect(other?.encryptedKeys).toBeUndefined();
    expect(await kept(moki)).toEqual([]);
    expect(await send(groupLetter('hello'))).toEqual({ kind: 'repeated' });
  });

  it('refuses what a few bytes would turn into many, in parts for members who need not exist', async () => {
    const { send, store } = await newWorld();
    const members = Array.from({ length: 200 }, (_, index) => [`m${index}@${hulk.address.text}`, 'SFVMSw==']);
    const large = groupLetter('x'.repeat(400_000), { keys: Object.fromEntries(members) });
    expect(await send(large)).toEqual({ kind: 'refused', refusal: { reason: 'too-large' } });
    expect(store.total.messages).toBe(0);
  });

  it('leaves out who has blocked the sender or the group, and refuses when all have', async () => {
    const one = await newWorld({ blocked: [[hulk, group]] });
    expect(await one.send(groupLetter('hello'))).toEqual({ kind: 'stored', isOnline: false });
    expect(await one.kept(hulk)).toEqual([]);
    expect((await one.kept(assistant)).length).toBe(1);
    const all = await newWorld({
      blocked: [
        [hulk, moki],
        [assistant, group],
      ],
    });
    expect(await all.send(groupLetter('hello'))).toEqual({ kind: 'refused', refusal: { reason: 'blocked' } });
  });

  it('refuses everything when too much is kept in all, as receivers can be made up', async () => {
    const retention = { days: 1, messagesPerUser: 10, bytesPerUser: 10_000, totalBytes: 500 };
    const { send, store } = await newWorld({ retention });
    expect(await send(letter('1'))).toEqual({ kind: 'stored', isOnline: false });
    const before = store.total;
    const made = letter('2'.repeat(200), { receiver: `nobody@${hulk.address.text}` });
    expect(await send(made)).toMatchObject({ refusal: { reason: 'storage' } });
    expect(store.total).toEqual(before);
  });

  it('goes on without members for whom too much is kept, and counts that', async () => {
    const world = await newWorld({
      retention: { days: 1, messagesPerUser: 1, bytesPerUser: 10_000, totalBytes: 20_000 },
    });
    await world.send(letter('1'));
    expect(await world.send(groupLetter('2'))).toEqual({ kind: 'stored', isOnline: false });
    expect((await world.kept(hulk)).length).toBe(1);
    expect(world.counted).toEqual(['stored true', 'stored true', 'refused receiver-full']);
    // who answers the sender counts this one
    expect(await world.send(groupLetter('3'))).toEqual({
      kind: 'refused',
      refusal: { reason: 'receiver-full' },
    });
    expect(world.counted.length).toBe(3);
  });

  it('refuses all when the disk takes nothing', async () => {
    const { send, layer, store } = await newWorld();
    layer.fails = 'before';
    expect(await send(groupLetter('hello'))).toMatchObject({ refusal: { reason: 'storage' } });
    layer.fails = undefined;
    expect(await send(groupLetter('hello'))).toEqual({ kind: 'stored', isOnline: false });
    expect(store.total.messages).toBe(2);
  });

  it('gives what has no keys to an assistant of the group who is known', async () => {
    const profile = createProfile(group, { assistants: ['nonsense', moki.text, assistant.text] });
    const people = {
      loadProfile: (of: ID) => (of.key === group.key ? profile : undefined),
      loadMeta: (of: ID) => (of.key === assistant.key ? {} : undefined),
    } as unknown as EntityDataSource;
    const { send, kept } = await newWorld({ people });
    const { keys: _, ...bare } = groupLetter('hello');
    expect(await send(bare)).toEqual({ kind: 'stored', isOnline: false });
    expect((await kept(assistant)).map(formatReliableMessage)).toEqual([bare]);
    expect(await kept(moki)).toEqual([]);
  });

  it('refuses what has no keys when no assistant is known', async () => {
    for (const properties of [{}, { assistants: [moki.text] }, { assistants: 7 }] as JsonObject[]) {
      const people = {
        loadProfile: () => createProfile(group, properties),
        loadMeta: () => undefined,
      } as unknown as EntityDataSource;
      const { send } = await newWorld({ people });
      expect(await send(groupLetter('hello', { keys: { digest: 'abc' } }))).toEqual({
        kind: 'refused',
        refusal: { reason: 'group-without-keys' },
      });
    }
  });
});

describe('station relay: broadcasts', () => {
  it('passes them to neighbours, with itself in the traces, and keeps nothing', async () => {
    const { send, logIn, store } = await newWorld();
    const [neighbour, user] = [logIn(other, { isNeighbour: true }), logIn(hulk)];
    await rest();
    expect(await send(news('hi'))).toEqual({ kind: 'stored', isOnline: true });
    expect(json(neighbour.connection)).toEqual([{ ...news('hi'), traces: [station.text] }]);
    expect(user.connection.sent).toEqual([]);
    expect(store.total.messages).toBe(0);
  });

  it('passes none back, nor to whom it has passed already', async () => {
    const { send, logIn } = await newWorld();
    const neighbour = logIn(other, { isNeighbour: true });
    await rest();
    await send(news('1'), neighbour);
    await send(news('2', { traces: [other.text] }));
    await send(news('3', { traces: [{ did: other.text, time: 5 }] }));
    await send(news('4', { traces: ['somebody'] }));
    expect(json(neighbour.connection).map(({ traces }) => traces)).toEqual([['somebody', station.text]]);
  });

  it('drops what has been here before', async () => {
    const { send, logIn } = await newWorld();
    const neighbour = logIn(other, { isNeighbour: true });
    await rest();
    expect(await send(news('1', { traces: [{ ID: station.text }] }))).toEqual({ kind: 'repeated' });
    await send(news('2'));
    expect(await send(news('2', { traces: ['another way'] }))).toEqual({ kind: 'repeated' });
    expect(neighbour.connection.sent.length).toBe(1);
  });

  it('refuses traces that cannot be read', async () => {
    const { send } = await newWorld();
    for (const traces of ['x', [7], [{}], Array(65).fill('x')]) {
      expect(await send(news('1', { traces }))).toMatchObject({ refusal: { reason: 'malformed' } });
    }
  });

  it('does not wait for a neighbour that does not read, nor pass to one that is gone', async () => {
    const { send, logIn, relay } = await newWorld();
    const neighbour = logIn(other, { isNeighbour: true });
    await rest();
    neighbour.connection.bufferedBytes = 10_000;
    await send(news('1'));
    neighbour.connection.bufferedBytes = 0;
    await send(news('2'));
    relay.detach(neighbour);
    await send(news('3'));
    expect(json(neighbour.connection).map(({ data }) => JSON.parse(data as string).text)).toEqual(['2']);
  });
});
