import { createText } from '@dimp/dkd';
import { Facebook, MemoryOutbox, Messenger, registerUser } from '@dimp/sdk';
import { afterEach, describe, expect, it } from '@jest/globals';
import { StationTransport, type StationTransportOptions } from '../src/websocket/index.js';
import { codeOf, inbox, introduce, type Person, parcel, person, reached, states, until } from './kit.js';
import { type AcknowledgingOptions, AcknowledgingStation } from './stations/acknowledging.js';
import { Clerk } from './stations/clerk.js';
import { opcodes } from './stations/raw-socket.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(one => one.close()));
});

async function start(options: AcknowledgingOptions = {}, name = 'station'): Promise<AcknowledgingStation> {
  const station = new AcknowledgingStation(await Clerk.create(name), options);
  await station.server.listen();
  open.push(station.server);
  return station;
}

function transportOf(
  { facebook, id }: Pick<Person, 'facebook' | 'id'>,
  stations: readonly { readonly url: string }[],
  options: Partial<StationTransportOptions> = {},
): StationTransport {
  const at = stations.map(({ url }) => ({ url }));
  const transport = new StationTransport({ facebook, user: id, stations: at, ...options });
  open.push(transport);
  return transport;
}

async function couple(): Promise<readonly [Person, Person]> {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await introduce(alice, bob);
  return [alice, bob];
}

describe('a transport to a station that acknowledges', () => {
  it('tells what came with the login, and by which name the device goes', async () => {
    const upload = { url: 'http://127.0.0.1/upload/{ID}/file', token: 'abc', expires: 1_800_000_000 };
    const station = await start({ success: { upload } });
    const [alice] = await couple();
    const transport = transportOf(alice, [station], { device: 'phone', agent: 'test' });
    await transport.connect();
    expect(transport.state).toMatchObject({ kind: 'ready', isAcknowledged: true, upload });
    expect(transport.upload()).toEqual(upload);
    expect(station.devices).toEqual(['phone']);
    const odd = await start({ success: { upload: { url: 7 } } }, 'odd');
    const other = transportOf(alice, [odd]);
    await other.connect();
    expect(other.state).not.toHaveProperty('upload');
    expect(other.upload()).toBeUndefined();
  });

  it('is understood also by a user whose identity only signs', async () => {
    const station = await start();
    const facebook = new Facebook();
    const { id } = await registerUser(facebook, { name: 'ecc', algorithm: 'ECC', bits: 1024 });
    const transport = transportOf({ facebook, id }, [station]);
    await transport.connect();
    expect(transport.state.kind).toBe('ready');
  });

  it('sends when each package is acknowledged, in whatever order, a window of them at once', async () => {
    const station = await start({ isPrompt: false });
    const [alice, bob] = await couple();
    const transport = transportOf(alice, [station], { window: 3 });
    expect(transport.window).toBe(3);
    await transport.connect();
    const numbers = [1, 2, 3, 4, 5];
    const sending = Promise.all(numbers.map(number => transport.send(parcel(alice.id, bob.id, number))));
    await until(() => station.received.length === 3);
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(station.received).toHaveLength(3);
    station.acknowledgeAll();
    await until(() => station.received.length === 5);
    station.acknowledgeAll();
    await sending;
    const signatures = numbers.map(number =>
      JSON.parse(Buffer.from(parcel(alice.id, bob.id, number)).toString()),
    );
    expect(station.received).toEqual(signatures.map(({ signature }) => signature));
  });

  it('lets go what is broken off, before and after it has left', async () => {
    const station = await start({ isPrompt: false });
    const [alice, bob] = await couple();
    const transport = transportOf(alice, [station], { window: 1 });
    await transport.connect();
    const [first, second] = [new AbortController(), new AbortController()];
    const one = transport.send(parcel(alice.id, bob.id, 1), { signal: first.signal });
    const two = transport.send(parcel(alice.id, bob.id, 2), { signal: second.signal });
    const three = transport.send(parcel(alice.id, bob.id, 3));
    await until(() => station.received.length === 1);
    second.abort(new Error('no more'));
    await expect(two).rejects.toThrow('no more');
    first.abort(new Error('never mind'));
    await expect(one).rejects.toThrow('never mind');
    await until(() => station.received.length === 2);
    station.acknowledgeAll();
    await three;
  });

  it('fails for what is not acknowledged in time, or no package, or too large, or one too many', async () => {
    const station = await start({ isPrompt: false });
    const [alice, bob] = await couple();
    const transport = transportOf(alice, [station], { ackSeconds: 0.05, window: 1, maxWaiting: 1 });
    await transport.connect();
    const late = transport.send(parcel(alice.id, bob.id, 1));
    const next = transport.send(parcel(alice.id, bob.id, 2));
    const crowded = transport.send(parcel(alice.id, bob.id, 3));
    await expect(crowded).rejects.toMatchObject({ code: 'ERR_TRANSPORT', isFinal: false, retryAfter: 1 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_TRANSPORT', isFinal: false, retryAfter: 0.05 });
    await expect(next).rejects.toMatchObject({ code: 'ERR_TRANSPORT' });
    const garbage = transport.send(Buffer.from('{"a":1}'));
    await expect(garbage).rejects.toMatchObject({ code: 'ERR_TRANSPORT', isFinal: true });
    const huge = transport.send(new Uint8Array(8_388_609));
    await expect(huge).rejects.toMatchObject({ code: 'ERR_TRANSPORT', isFinal: true });
  });

  it.each([
    [{ text: 'blocked', code: 'ERR_STATION_BLOCKED' }, { isFinal: true }],
    [
      { text: 'busy', code: 'ERR_STATION_STORAGE', retryAfter: 3 },
      { isFinal: false, retryAfter: 3 },
    ],
    [{ text: 'stop', code: 'ERR_STATION_STOPPING' }, { isFinal: false }],
    [{ text: 'full', code: 'ERR_STATION_RECEIVER_FULL' }, { isFinal: true }],
    // what goes to others must not wait for him
    [{ text: 'full', code: 'ERR_STATION_RECEIVER_FULL', retryAfter: 3600 }, { isFinal: true }],
  ])('keeps a refusal to itself and says why: %j', async (refusal, expected) => {
    const station = await start({ refuse: () => refusal });
    const [alice, bob] = await couple();
    const transport = transportOf(alice, [station]);
    await transport.connect();
    const received = inbox(transport);
    const sending = transport.send(await alice.pack(bob.id, 'hello'));
    await expect(sending).rejects.toMatchObject({ message: refusal.text, code: refusal.code, ...expected });
    expect(received).toEqual([]);
  });

  it('resumes its session with the key of the last one', async () => {
    const station = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, [station], { backoff: { firstSeconds: 0.05 } });
    await transport.connect();
    await until(() => station.heard.includes('login-command'));
    const ready = states(transport);
    station.server.peer.drop();
    await until(() => ready.includes('ready'));
    await until(() => station.heard.filter(kind => kind === 'login-command').length === 2);
    expect(station.heard).toEqual(['hello', 'proof', 'login-command', 'proof', 'login-command']);
    expect(ready).toEqual(['waiting', 'connecting', 'handshaking', 'ready']);
    // the key is not shown
    const [second] = station.server.peer.frames;
    expect(JSON.parse(second?.payload.toString() ?? '')).toMatchObject({ receiver: station.clerk.id.text });
  });

  it('goes to the next station when one does not answer, and comes again with its own pace', async () => {
    const [first, second] = [await start({}, 'one'), await start({}, 'two')];
    await first.server.close();
    const [alice] = await couple();
    const transport = transportOf(alice, [first, second]);
    const kinds = states(transport);
    await transport.connect();
    expect(transport.state).toMatchObject({ kind: 'ready', url: second.url });
    expect(kinds).toEqual(['connecting', 'connecting', 'handshaking', 'ready']);
  });

  it('waits for the first connection, and connect() makes it try at once', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const { port } = station.server;
    await station.server.close();
    const transport = transportOf(alice, [station], { backoff: { firstSeconds: 1_000 } });
    expect(await codeOf(transport.send(parcel(alice.id, bob.id, 1)))).toBe('ERR_TRANSPORT');
    const connecting = transport.connect();
    const { seconds } = await reached(transport, 'waiting');
    expect(seconds).toBeGreaterThanOrEqual(30);
    expect(await codeOf(transport.send(parcel(alice.id, bob.id, 1)))).toBe('ERR_TRANSPORT');
    const back = new AcknowledgingStation(station.clerk);
    await back.server.listen(port);
    open.push(back.server);
    const again = transport.connect();
    // while it connects there is something to wait for
    const sending = transport.send(parcel(alice.id, bob.id, 2));
    await Promise.all([connecting, again, sending]);
    expect(back.received).toHaveLength(1);
  });

  it('ends waiting for a connection when asked to, and stays at it', async () => {
    const station = await start();
    const [alice] = await couple();
    const transport = transportOf(alice, [station]);
    const controller = new AbortController();
    const connecting = transport.connect({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
    await reached(transport, 'ready');
  });

  it('waits for what is under way when it is closed, and takes nothing more', async () => {
    const station = await start({ isPrompt: false });
    const [alice, bob] = await couple();
    const transport = transportOf(alice, [station]);
    await transport.connect();
    const last = transport.send(parcel(alice.id, bob.id, 1));
    await until(() => station.received.length === 1);
    const closing = transport.close();
    expect(await codeOf(transport.send(parcel(alice.id, bob.id, 2)))).toBe('ERR_TRANSPORT');
    expect(transport.state.kind).toBe('ready');
    station.acknowledgeAll();
    await Promise.all([last, closing]);
    expect(transport.state).toEqual({ kind: 'closed' });
    await expect(transport.connect()).rejects.toMatchObject({ code: 'ERR_TRANSPORT' });
    await until(() => station.server.peer.frames.at(-1)?.opcode === opcodes.close);
  });

  it('tells what was not taken when it is closed without an answer', async () => {
    const station = await start({ isPrompt: false });
    const [alice, bob] = await couple();
    const transport = transportOf(alice, [station], { closeSeconds: 0.05 });
    await transport.connect();
    const last = codeOf(transport.send(parcel(alice.id, bob.id, 1)));
    await transport.close();
    expect(await last).toBe('ERR_TRANSPORT');
    const never = transportOf(alice, [station]);
    await never.close();
    expect(never.state).toEqual({ kind: 'closed' });
  });

  it('goes on with others when a listener throws', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const [near, far] = [transportOf(alice, [station]), transportOf(bob, [station])];
    await Promise.all([near.connect(), far.connect()]);
    const received = inbox(far);
    const stop = far.subscribe(() => Promise.reject(new Error('not taken')));
    await near.send(await alice.pack(bob.id, 'one'));
    await until(() => received.length === 1);
    stop();
    await near.send(await alice.pack(bob.id, 'two'));
    await until(() => received.length === 2);
    await until(() => station.stored.get(bob.id.key)?.length === 1);
  });

  it('checks what it is made with', async () => {
    const { facebook, id: user } = await person('alice');
    const make = (options: Partial<StationTransportOptions>) => (): unknown =>
      new StationTransport({ facebook, user, stations: [{ url: 'ws://127.0.0.1:9394' }], ...options });
    const { meta } = await person('bob');
    for (const stations of [
      [],
      [{ url: 'http://127.0.0.1' }],
      [{ url: 'ws://' }],
      [{ url: 'ws://a', meta }],
    ]) {
      expect(make({ stations })).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    }
    const endless = Number.POSITIVE_INFINITY;
    for (const wrong of [
      { window: 0 },
      { heartbeatSeconds: Number.NaN },
      { handshakeSeconds: -1 },
      // what JavaScript's timers take for no time at all
      { ackSeconds: endless },
      { heartbeatSeconds: 2_147_484 },
      { backoff: { firstSeconds: 0 } },
      { backoff: { firstSeconds: Number.NaN } },
      { backoff: { firstSeconds: endless, maxSeconds: endless } },
      { device: '' },
      { device: 'my phone' },
      { device: 'x'.repeat(2000) },
    ]) {
      expect(make(wrong)).toThrow(RangeError);
    }
    expect(make({ device: 'phone', maxWaiting: endless })).not.toThrow();
  });
});

describe('a messenger over it', () => {
  it('goes on with its outbox by itself, in order and each once, whenever the station is back', async () => {
    const station = await start();
    const [alice, bob] = await couple();
    const [near, far] = [alice, bob].map(who =>
      transportOf(who, [station], { backoff: { firstSeconds: 0.05 } }),
    );
    if (near === undefined || far === undefined) throw new Error('two were made');
    const outbox = new MemoryOutbox();
    const sender = new Messenger({ facebook: alice.facebook, outbox, transport: near });
    const receiver = new Messenger({ facebook: bob.facebook, transport: far });
    const texts: unknown[] = [];
    receiver.on('message', ({ content }) => void texts.push('text' in content ? content.text : content.kind));
    const early = await sender.sendContent(createText('0'), bob.id);
    expect(early.kind).toBe('queued');
    await Promise.all([near.connect(), far.connect()]);
    const all = Array.from({ length: 100 }, (_, index) => `${index}`);
    for (const text of all.slice(1)) {
      void sender.sendContent(createText(text), bob.id);
      if (Number(text) % 30 === 0) {
        await new Promise(resolve => setTimeout(resolve, 20));
        for (const peer of station.server.peers) peer.drop();
      }
    }
    await until(() => texts.length >= all.length && outbox.list().length === 0);
    expect(texts).toEqual(all);
    await sender.close();
    await receiver.close();
  }, 20_000);
});
