// The way through a station of generation 2, by a transcript of transport.md 2, 6, 8, 9 and 11.
import { createReport } from '@dimp/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { StationTransport, type StationTransportOptions } from '../src/websocket/index.js';
import { codeOf, contents, inbox, introduce, type Person, person, reached, states, until } from './kit.js';
import { Clerk } from './stations/clerk.js';
import { Generation2Station, type ReceiptLayout } from './stations/generation-2.js';
import { opcodes } from './stations/raw-socket.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(one => one.close()));
});

async function start(receipts: ReceiptLayout = 'everywhere'): Promise<Generation2Station> {
  const clerk = await Clerk.create('new-station', { profile: { name: 'Station' } });
  const station = new Generation2Station(clerk, { receipts });
  await station.server.listen();
  open.push(station.server);
  return station;
}

function transportOf(
  { facebook, id }: Person,
  { url }: Generation2Station,
  options: Partial<StationTransportOptions> = {},
): StationTransport {
  const transport = new StationTransport({ facebook, user: id, stations: [{ url }], ...options });
  open.push(transport);
  return transport;
}

async function couple(): Promise<readonly [Person, Person]> {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await introduce(alice, bob);
  return [alice, bob];
}

function textsOf(station: Generation2Station): readonly string[] {
  return station.server.peer.frames.map(({ payload }) => payload.toString());
}

describe('a scripted station of generation 2', () => {
  it('tells who it is with its first answer, in titles', async () => {
    const station = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, station);
    await transport.connect();
    await until(() => station.heard.length === 3);
    expect(station.heard).toEqual(['hello', 'proof', 'login-command']);
    const { state } = transport;
    expect(state.kind === 'ready' && state.station.text).toBe(station.clerk.id.text);
    // meta and visa came along, and are kept
    const { facebook } = alice;
    expect(await facebook.loadMeta(station.clerk.id)).toBeDefined();
    expect((await facebook.loadProfile(station.clerk.id))?.properties).toMatchObject({ name: 'Station' });
    const hello = JSON.parse(textsOf(station)[0] ?? '');
    expect(JSON.parse(hello.data)).toMatchObject({ title: 'Hello world!', message: 'Hello world!' });
  });

  it('hears an ACK for each packet, and keeps what it pushed until then', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const [near, far] = [transportOf(alice, station), transportOf(bob, station)];
    await Promise.all([near.connect(), far.connect()]);
    let take: () => void = () => undefined;
    const isTaken = new Promise<void>(resolve => {
      take = resolve;
    });
    const received: Uint8Array[] = [];
    far.subscribe(data => {
      received.push(data);
      return isTaken;
    });
    const data = await alice.pack(bob.id, 'hello');
    const { signature } = JSON.parse(Buffer.from(data).toString());
    await near.send(data);
    await until(() => received.length === 1);
    expect(Buffer.from(received[0] ?? [])).toEqual(Buffer.from(data));
    expect(station.acknowledged).not.toContain(signature);
    expect(station.stored.get(bob.id.key)).toHaveLength(1);
    take();
    await until(() => station.acknowledged.includes(signature));
    expect(station.stored.get(bob.id.key)).toEqual([]);
    // handshakes and receipts were acknowledged, too
    expect(station.acknowledged.length).toBeGreaterThanOrEqual(6);
  });

  it('keeps what a listener did not take, until the next login', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const near = transportOf(alice, station);
    await near.connect();
    const far = transportOf(bob, station);
    far.subscribe(() => Promise.reject(new Error('disk full')));
    await far.connect();
    await near.send(await alice.pack(bob.id, 'hello'));
    await far.close();
    expect(station.stored.get(bob.id.key)).toHaveLength(1);
    const again = transportOf(bob, station);
    const received = inbox(again);
    await again.connect();
    await until(() => received.length > 0);
    expect(await contents(bob, received, 'text')).toMatchObject([{ text: 'hello' }]);
    await until(() => station.stored.get(bob.id.key)?.length === 0);
  });

  it.each<ReceiptLayout>(['everywhere', 'origin', 'envelope'])(
    'names a message in its receipt: %s',
    async layout => {
      const station = await start(layout);
      const [alice, bob] = await couple();
      // what is not named would count as taken after a year only
      const near = transportOf(alice, station, { receiptSeconds: 1_000_000 });
      await near.connect();
      const answers = inbox(near);
      await near.send(await alice.pack(bob.id, 'hello'));
      await until(() => answers.length > 0);
      const [receipt] = await contents(alice, answers, 'receipt-command');
      expect(receipt?.extra['text'] ?? receipt?.message).toBe('Message cached.');
    },
  );

  it('says nothing to some packets: they are sent when they have left', async () => {
    const station = await start();
    const [alice] = await couple();
    const near = transportOf(alice, station, { receiptSeconds: 1_000_000 });
    await near.connect();
    const report = createReport('offline');
    await alice.facebook.saveMeta(
      (await station.clerk.facebook.loadMeta(station.clerk.id)) as never,
      station.clerk.id,
    );
    await near.send(await alice.pack(station.clerk.id, report));
    await until(() => station.heard.includes('report-command'));
    expect(near.state.kind).toBe('ready');
  });

  it('may not answer to a message at all: after a while it counts as taken', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const near = transportOf(alice, station, { receiptSeconds: 0.05 });
    await near.connect();
    station.isDead = true;
    await near.send(await alice.pack(bob.id, 'swallowed'));
    expect(near.state.kind).toBe('ready');
  });

  it('wants the handshake again, with force, and then processes what it kept', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const near = transportOf(alice, station, { receiptSeconds: 1_000_000 });
    await near.connect();
    await until(() => station.heard.includes('login-command'));
    station.logOut();
    const kinds = states(near);
    await near.send(await alice.pack(bob.id, 'kept back'));
    expect(kinds).toEqual(['handshaking', 'ready']);
    expect(station.stored.get(bob.id.key)).toHaveLength(1);
    expect(station.heard).toEqual(['hello', 'proof', 'login-command', 'proof']);
  });

  it('answers the text PING, and neither a ping nor a goodbye of the protocol', async () => {
    const station = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, station, { heartbeatSeconds: 0.4 });
    await transport.connect();
    const kinds = states(transport);
    await until(() => station.signs.filter(sign => sign === 'PING').length >= 4);
    expect(kinds).toEqual([]);
    await transport.close();
    await until(() => station.server.peer.frames.at(-1)?.opcode === opcodes.close);
  });

  it('is noticed within two heartbeats when its network is gone, and every handshake is a new packet', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const transport = transportOf(alice, station, { heartbeatSeconds: 0.5, backoff: { firstSeconds: 0.05 } });
    await transport.connect();
    await until(() => station.heard.includes('login-command'));
    station.isDead = true;
    const sending = transport.send(await alice.pack(bob.id, 'lost'));
    await reached(transport, 'waiting');
    expect(await codeOf(sending)).toBe('ERR_TRANSPORT');
    station.isDead = false;
    await reached(transport, 'ready');
    await transport.send(await alice.pack(bob.id, 'found'));
    // it drops packets that it has seen
    expect([...station.seen.values()].filter(count => count > 1)).toEqual([]);
    // the old key was offered first, encrypted: no second hello in the clear
    await until(() => station.heard.filter(kind => kind === 'login-command').length === 2);
    expect(station.heard.filter(kind => kind === 'hello')).toHaveLength(1);
  });
});
