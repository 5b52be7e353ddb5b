// The way through a station of generation 1, by a transcript of transport.md 2, 8, 9 and 11.
import type { Meta } from '@dimp/mkm';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type StationAddress,
  StationTransport,
  type StationTransportOptions,
} from '../src/websocket/index.js';
import { codeOf, contents, inbox, introduce, type Person, person, reached, states, until } from './kit.js';
import { Clerk } from './stations/clerk.js';
import { Generation1Station } from './stations/generation-1.js';
import { opcodes } from './stations/raw-socket.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(one => one.close()));
});

async function start(): Promise<{ readonly station: Generation1Station; readonly at: StationAddress }> {
  const clerk = await Clerk.create('old-station');
  const station = new Generation1Station(clerk);
  await station.server.listen();
  open.push(station.server);
  const meta = (await clerk.facebook.loadMeta(clerk.id)) as Meta;
  return { station, at: { url: station.url, id: clerk.id, meta } };
}

function transportOf(
  { facebook, id }: Person,
  at: StationAddress,
  options: Partial<StationTransportOptions> = {},
) {
  const transport = new StationTransport({ facebook, user: id, stations: [at], ...options });
  open.push(transport);
  return transport;
}

async function couple(): Promise<readonly [Person, Person]> {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await introduce(alice, bob);
  return [alice, bob];
}

describe('a scripted station of generation 1', () => {
  it('is asked for nothing but the WebSocket, and hears handshake and login', async () => {
    const { station, at } = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, at);
    const kinds = states(transport);
    await transport.connect();
    await until(() => station.heard.length === 3);
    expect(kinds).toEqual(['connecting', 'handshaking', 'ready']);
    expect(station.heard).toEqual(['hello', 'proof', 'login-command']);
    const { request, frames } = station.server.peer;
    expect(request).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
    expect(request).not.toMatch(/sec-websocket-(extensions|protocol)/i);
    const [hello, proof] = frames
      .map(({ payload }) => payload.toString())
      .filter(text => text.startsWith('{'))
      .map(text => JSON.parse(text));
    expect(hello).toMatchObject({ receiver: 'station@anywhere', meta: { seed: 'alice' } });
    expect(JSON.parse(hello.data)).toMatchObject({ command: 'handshake', message: 'Hello world!' });
    expect(hello).not.toHaveProperty('key');
    expect(proof.receiver).toBe(station.clerk.id.text);
    expect(typeof proof.key).toBe('string');
    expect(transport.state).toMatchObject({ kind: 'ready', isAcknowledged: false, url: station.url });
  });

  it('takes a message when its receipt comes, and the application gets that as well', async () => {
    const { station, at } = await start();
    const [alice, bob] = await couple();
    const [near, far] = [transportOf(alice, at), transportOf(bob, at)];
    await Promise.all([near.connect(), far.connect()]);
    const [sent, received] = [inbox(near), inbox(far)];
    await near.send(await alice.pack(bob.id, 'hello'));
    await until(() => received.length > 0);
    expect(await contents(bob, received, 'text')).toMatchObject([{ text: 'hello' }]);
    const receipts = await contents(alice, sent, 'receipt-command');
    expect(receipts.map(({ message }) => message)).toContain('Message delivering');
    expect(station.stored.size).toBe(0);
  });

  it('delivers what it kept, and several answers in one frame are several packages', async () => {
    const { at, station } = await start();
    const [alice, bob] = await couple();
    const near = transportOf(alice, at);
    await near.connect();
    const packages = await Promise.all(['one', 'two', 'three'].map(text => alice.pack(bob.id, text)));
    await Promise.all(packages.map(data => near.send(data)));
    const far = transportOf(bob, at);
    const received = inbox(far);
    await far.connect();
    await until(() => received.length >= 4);
    const texts = await contents(bob, received, 'text');
    expect(texts.map(({ text }) => text)).toEqual(['one', 'two', 'three']);

    const more = inbox(far);
    station.server.peers[1]?.text(Buffer.concat(packages.flatMap(data => [data, Buffer.from('\n')])));
    await until(() => more.length === 3);
    expect(more.map(data => Buffer.from(data))).toEqual(packages.map(data => Buffer.from(data)));
  });

  it('answers everything with an empty frame, which is life enough', async () => {
    const { station, at } = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, at, { heartbeatSeconds: 0.4 });
    await transport.connect();
    const kinds = states(transport);
    const { peer } = station.server;
    const beats = (): number => peer.frames.filter(({ payload }) => payload.toString() === 'PING').length;
    await until(() => beats() >= 4);
    expect(peer.frames.some(({ opcode }) => opcode === opcodes.ping)).toBe(true);
    expect(kinds).toEqual([]);
  });

  it('says no goodbye: the client ends by itself', async () => {
    const { station, at } = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, at);
    await transport.connect();
    await transport.close();
    expect(transport.state).toEqual({ kind: 'closed' });
    await until(() => station.server.peer.frames.at(-1)?.opcode === opcodes.close);
    expect(await codeOf(transport.send(await alice.pack(station.clerk.id, 'late')))).toBe('ERR_TRANSPORT');
  });

  it('is noticed when it is gone without a word, and found again', async () => {
    const { station, at } = await start();
    const [alice, bob] = await couple();
    const transport = transportOf(alice, at, { heartbeatSeconds: 0.5, backoff: { firstSeconds: 0.05 } });
    await transport.connect();
    station.isMute = true;
    const sending = transport.send(await alice.pack(bob.id, 'into the dark'));
    const { reason } = await reached(transport, 'waiting');
    expect(await codeOf(sending)).toBe('ERR_TRANSPORT');
    expect(reason.message).toContain('nothing came for 1 seconds');
    station.isMute = false;
    await reached(transport, 'ready');
    await transport.send(await alice.pack(bob.id, 'here again'));
    expect(station.heard.filter(kind => kind === 'login-command').length).toBe(2);
  });

  it('must be known: it never says who it is', async () => {
    const { station } = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, { url: station.url });
    await expect(transport.connect()).rejects.toMatchObject({
      code: 'ERR_STATION_IDENTITY',
      message: expect.stringContaining('pass its id and meta in stations'),
    });
    expect(transport.state).toMatchObject({ kind: 'closed', reason: { code: 'ERR_STATION_IDENTITY' } });
  });
});
