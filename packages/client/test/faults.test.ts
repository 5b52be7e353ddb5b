// What stations and networks do wrong, or in bad faith.
import { formatProfile, type Meta, type Profile } from '@dimp/mkm';
import { createHandshake, updateProfile } from '@dimp/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type StationAddress,
  StationTransport,
  type StationTransportOptions,
} from '../src/websocket/index.js';
import { codeOf, inbox, introduce, type Person, parcel, person, reached, states, until } from './kit.js';
import { AcknowledgingStation } from './stations/acknowledging.js';
import { Clerk } from './stations/clerk.js';
import { Generation2Station } from './stations/generation-2.js';
import { frameHead, opcodes, RawServer, type Script, stationAnswer } from './stations/raw-socket.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(one => one.close()));
});

async function serve(script: Partial<Script>): Promise<RawServer> {
  const server = new RawServer({ frame: () => undefined, ...script });
  await server.listen();
  open.push(server);
  return server;
}

async function start(name = 'station'): Promise<AcknowledgingStation> {
  const station = new AcknowledgingStation(await Clerk.create(name));
  await station.server.listen();
  open.push(station.server);
  return station;
}

const quick = { backoff: { firstSeconds: 0.02, maxSeconds: 0.02 } };

function transportOf(
  { facebook, id }: Person,
  at: StationAddress | readonly StationAddress[],
  options: Partial<StationTransportOptions> = quick,
): StationTransport {
  const stations = Array.isArray(at) ? at : [at];
  const transport = new StationTransport({ facebook, user: id, stations, ...options });
  open.push(transport);
  return transport;
}

/** The reason of the first waiting. */
async function reasonAt(
  server: Pick<RawServer, 'url'>,
  options: Partial<StationTransportOptions> = {},
): Promise<string> {
  const transport = transportOf(await person('alice'), { url: server.url }, { ...quick, ...options });
  void codeOf(transport.connect());
  return (await reached(transport, 'waiting')).reason.message;
}

describe('a transport tries again when the other side', () => {
  it('sends more packages in one frame than anybody does', async () => {
    const flood = await serve({ opened: peer => peer.text('{\n'.repeat(100_000)) });
    expect(await reasonAt(flood)).toContain('too many packages');
  });

  it('is no station at all', async () => {
    expect(await reasonAt(await serve({ answer: () => 'HTTP/1.1 404 Not Found\r\n\r\n' }))).toContain('404');
    const liar = await serve({ answer: () => stationAnswer('bm90IHRoaXMga2V5') });
    expect(await reasonAt(liar)).toContain('Sec-WebSocket-Accept');
  });

  it('takes the connection and never answers the request', async () => {
    const silent = await serve({ answer: () => undefined });
    expect(await reasonAt(silent, { handshakeSeconds: 0.3 })).toContain('no handshake within 0.3');
  });

  it('answers the request and nothing else', async () => {
    expect(await reasonAt(await serve({}), { handshakeSeconds: 0.3 })).toContain('no handshake within 0.3');
  });

  it('drops in the middle of the handshake', async () => {
    expect(await reasonAt(await serve({ frame: (_, peer) => peer.drop() }))).toContain('1006');
  });

  it('sends frames against the rules', async () => {
    const reserved = await serve({ frame: (_, peer) => peer.write(Buffer.from([0xf3, 0x00])) });
    expect(await reasonAt(reserved)).toMatch(/RSV|opcode/);
    const notText = await serve({ frame: (_, peer) => peer.frame(opcodes.text, Buffer.from([0xff, 0xfe])) });
    expect(await reasonAt(notText)).toContain('UTF-8');
  });

  it('sends a frame of 100 MB', async () => {
    const huge = await serve({ opened: peer => peer.write(frameHead(opcodes.binary, 100_000_000)) });
    expect(await reasonAt(huge)).toContain('Max payload size exceeded');
  });

  it('asks for the session key again and again', async () => {
    const clerk = await Clerk.create('asking');
    const server = await serve({
      frame: ({ payload }, peer) => {
        const text = payload.toString();
        if (!text.startsWith('{')) return;
        void clerk.open(payload).then(async ({ message: { envelope } }) => {
          peer.text(await clerk.seal(createHandshake('again', 'key'), envelope.sender, { introduces: true }));
        });
      },
    });
    expect(await reasonAt(server)).toContain('again and again');
  });

  it('closes as soon as it is ready, and more and more slowly', async () => {
    const station = await start();
    const [alice] = [await person('alice')];
    const transport = transportOf(
      alice,
      { url: station.url },
      { backoff: { firstSeconds: 0.01, maxSeconds: 9 } },
    );
    const pauses: number[] = [];
    transport.onState(state => {
      if (state.kind === 'ready') station.server.peer.drop();
      if (state.kind === 'waiting') pauses.push(state.seconds);
    });
    void codeOf(transport.connect());
    await until(() => pauses.length >= 5);
    for (const [index, seconds] of pauses.slice(0, 5).entries()) {
      expect(seconds).toBeGreaterThanOrEqual(0.005 * 2 ** index);
      expect(seconds).toBeLessThanOrEqual(0.01 * 2 ** index);
    }
  });
});

describe('a transport goes on', () => {
  it('after frames that nobody understands, and hands on what looks like a package', async () => {
    const station = await start();
    const alice = await person('alice');
    const transport = transportOf(alice, { url: station.url });
    await transport.connect();
    const received = inbox(transport);
    const { peer } = station.server;
    const junk = [
      'NOOP',
      'OK',
      '',
      'ACK:',
      'ACK:{',
      'ACK:{"signature":5}',
      '[1]',
      '\u0000',
      'x'.repeat(70_000),
    ];
    for (const text of junk) peer.text(text);
    peer.frame(opcodes.binary, Buffer.from([0xff, 0x00, 0x7b]));
    peer.text('PING');
    peer.text('{"sender":"a","receiver":"b","signature":"c"}\n\n{broken\n');
    await until(() => received.length === 2);
    expect(received.map(data => Buffer.from(data).toString())).toEqual([
      '{"sender":"a","receiver":"b","signature":"c"}',
      '{broken',
    ]);
    await until(() => peer.frames.some(({ payload }) => payload.toString() === 'PONG'));
    await until(() => station.acknowledged.includes('c'));
    expect(transport.state.kind).toBe('ready');
  });

  it('after a frame in pieces', async () => {
    const station = await start();
    const transport = transportOf(await person('alice'), { url: station.url });
    await transport.connect();
    const received = inbox(transport);
    const { peer } = station.server;
    const text = Buffer.from('{"sender":"a","receiver":"b","signature":"c"}');
    peer.write(Buffer.concat([Buffer.from([opcodes.text, 10]), text.subarray(0, 10)]));
    peer.write(Buffer.concat([Buffer.from([opcodes.continuation, 10]), text.subarray(10, 20)]));
    peer.frame(opcodes.continuation, text.subarray(20));
    await until(() => received.length === 1);
    expect(Buffer.from(received[0] ?? [])).toEqual(text);
  });

  it('when clocks are years apart', async () => {
    const station = await start();
    for (const clock of [() => 1, () => 4_000_000_000]) {
      const transport = transportOf(await person('alice', clock), { url: station.url });
      await transport.connect();
      expect(transport.state.kind).toBe('ready');
    }
  });

  it('reads no faster than listeners take, and loses nothing', async () => {
    const station = await start();
    const [alice, bob] = [await person('alice'), await person('bob')];
    const transport = transportOf(bob, { url: station.url }, { heartbeatSeconds: 0.4 });
    let take: () => void = () => undefined;
    const isTaken = new Promise<void>(resolve => {
      take = resolve;
    });
    let count = 0;
    transport.subscribe(() => {
      count++;
      return isTaken;
    });
    await transport.connect();
    const kinds = states(transport);
    const total = 1000;
    for (let number = 0; number < total; number++) {
      station.server.peer.text(parcel(alice.id, bob.id, number, 5_000));
    }
    await until(() => count >= 256);
    // longer than silence is borne
    await new Promise(resolve => setTimeout(resolve, 1000));
    expect(count).toBeLessThan(total);
    take();
    await until(() => count === total);
    await until(() => station.acknowledged.length >= total);
    expect(kinds).toEqual([]);
  });

  it('without a package that the station takes for too large', async () => {
    const station = await start();
    const [alice, bob] = [await person('alice'), await person('bob')];
    const transport = transportOf(alice, { url: station.url });
    await transport.connect();
    const { peer } = station.server;
    const goodbye = Buffer.concat([Buffer.from([0x03, 0xf1]), Buffer.from('too big')]);
    await until(() => station.heard.includes('login-command'));
    station.server.peer.socket.removeAllListeners('data');
    const sending = [10, 5_000].map(size => transport.send(parcel(alice.id, bob.id, size, size)));
    peer.frame(opcodes.close, goodbye);
    const outcomes = await Promise.allSettled(sending);
    expect(outcomes).toMatchObject([
      { reason: { code: 'ERR_TRANSPORT', isFinal: false } },
      { reason: { code: 'ERR_STATION_TOO_LARGE', isFinal: true } },
    ]);
    await reached(transport, 'ready');
  });
});

describe('a transport trusts no station', () => {
  it('that is another one than it was told', async () => {
    const [station, other] = [await start('one'), await start('other')];
    const alice = await person('alice');
    const transport = transportOf(alice, { url: station.url, id: other.clerk.id });
    await expect(transport.connect()).rejects.toMatchObject({
      code: 'ERR_STATION_IDENTITY',
      url: station.url,
      message: expect.stringContaining(
        `expected ${other.clerk.id.text}, got an answer of ${station.clerk.id.text}`,
      ),
    });
    expect(transport.state.kind).toBe('closed');
    const sending = transport.send(parcel(alice.id, alice.id, 1));
    await expect(sending).rejects.toMatchObject({ isFinal: false, cause: { code: 'ERR_STATION_IDENTITY' } });
    await expect(transport.connect()).rejects.toMatchObject({ code: 'ERR_STATION_IDENTITY' });
  });

  it('that is another one than before', async () => {
    const station = await start('one');
    const { port } = station.server;
    const alice = await person('alice');
    // the other one cannot read the question for the first and says nothing to it
    const transport = transportOf(alice, { url: station.url }, { ...quick, handshakeSeconds: 2 });
    await transport.connect();
    await station.server.close();
    const other = new Generation2Station(await Clerk.create('other'));
    await other.server.listen(port);
    open.push(other.server);
    const { reason } = await reached(transport, 'closed');
    expect(reason?.code).toBe('ERR_STATION_IDENTITY');
  });

  it('but the next one, if it is the one', async () => {
    const [impostor, station] = [await start('impostor'), await start('one')];
    const transport = transportOf(await person('alice'), [
      { url: impostor.url, id: station.clerk.id },
      { url: station.url, id: station.clerk.id },
    ]);
    await transport.connect();
    expect(transport.state).toMatchObject({ kind: 'ready', url: station.url });
  });

  it('with a meta that is not its own', async () => {
    const station = await start();
    const [alice, bob] = [await person('alice'), await person('bob')];
    const transport = transportOf(alice, { url: station.url, id: station.clerk.id, meta: bob.meta });
    await expect(transport.connect()).rejects.toMatchObject({
      code: 'ERR_STATION_IDENTITY',
      message: expect.stringContaining(`does not belong to ${station.clerk.id.text}`),
    });
    // nobody was told anything
    expect(station.server.peers).toEqual([]);
  });

  it('that brings the meta of another', async () => {
    const station = await start();
    const [alice, bob] = [await person('alice'), await person('bob')];
    const server = await serve({
      frame: ({ payload }, peer) => {
        if (!payload.toString().startsWith('{')) return;
        void station.clerk.open(payload).then(async ({ message: { envelope } }) => {
          const answer = await station.clerk.seal(createHandshake('again', 'key'), envelope.sender);
          const { meta: _, ...rest } = JSON.parse(Buffer.from(answer).toString());
          const hello = JSON.parse(payload.toString());
          peer.text(JSON.stringify({ ...rest, meta: hello.meta }));
        });
      },
    });
    await introduce(alice, bob);
    const transport = transportOf(alice, { url: server.url });
    await expect(transport.connect()).rejects.toMatchObject({
      code: 'ERR_STATION_IDENTITY',
      message: expect.stringContaining('a meta that is not its own'),
    });
  });

  it('whose signature is not good', async () => {
    const clerk = await Clerk.create('forged');
    const server = await serve({
      frame: ({ payload }, peer) => {
        if (!payload.toString().startsWith('{')) return;
        void clerk.open(payload).then(async ({ message: { envelope } }) => {
          const answer = await clerk.seal(createHandshake('again', 'key'), envelope.sender);
          const json = JSON.parse(Buffer.from(answer).toString());
          peer.text(JSON.stringify({ ...json, signature: 'AAAA' }));
        });
      },
    });
    const meta = (await clerk.facebook.loadMeta(clerk.id)) as Meta;
    const transport = transportOf(await person('alice'), { url: server.url, id: clerk.id, meta });
    void codeOf(transport.connect());
    expect((await reached(transport, 'waiting')).reason).toMatchObject({ cause: { code: 'ERR_SIGNATURE' } });
  });

  it('and says so when the user has no key here', async () => {
    const station = await start();
    const [alice, bob] = [await person('alice'), await person('bob')];
    const transport = transportOf({ ...alice, id: bob.id }, { url: station.url });
    await expect(transport.connect()).rejects.toMatchObject({
      code: 'ERR_NOT_FOUND',
      message: `No private key for ${bob.id.text}; only local users send.`,
    });
    expect(transport.state.kind).toBe('closed');
  });
});

it('an old profile of somebody, sent along with what he once broadcast, replaces no newer one', async () => {
  const [alice, carol] = [await person('alice'), await person('carol')];
  await introduce(alice, carol);
  const signed = async (time: number) => {
    await updateProfile(carol.facebook, carol.id, { time, name: `carol at ${time}` });
    return (await carol.facebook.loadProfile(carol.id)) as Profile;
  };
  const [older, newer, newest] = [await signed(100), await signed(200), await signed(300)];
  await alice.facebook.saveProfile(newer, carol.id);
  const broadcast = await carol.pack(alice.facebook.parseID('everyone@everywhere'), 'hello');
  const withProfile = (profile: Profile): string =>
    JSON.stringify({ ...JSON.parse(Buffer.from(broadcast).toString()), profile: formatProfile(profile) });
  const seen = async (profile: Profile): Promise<unknown> => {
    const server = await serve({ opened: peer => peer.text(withProfile(profile)) });
    const transport = transportOf(alice, { url: server.url });
    const packages = inbox(transport);
    void codeOf(transport.connect());
    await until(() => packages.length > 0);
    return (await alice.facebook.loadProfile(carol.id))?.properties['time'];
  };
  expect(await seen(older)).toBe(200);
  expect(await seen(newest)).toBe(300);
});
