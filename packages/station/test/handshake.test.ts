import { createText } from '@dimp/dkd';
import { createHandshake, createReport } from '@dimp/sdk';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StationAccount } from '../src/station-account.js';
import { every } from './after-test.js';
import { Client, newAccount, newPerson, type Person, startInbound } from './inbound-kit.js';
import { until } from './socket-kit.js';

let account: StationAccount;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  account = await newAccount();
  alice = await newPerson('alice', { knows: account });
  bob = await newPerson('bob', { knows: account });
});

describe('a handshake', () => {
  it('logs a user in who knows only the URL', async () => {
    const host = await startInbound(account);
    const stranger = await newPerson('stranger');
    const client = await Client.connect(stranger, host);
    const anyStation = stranger.facebook.parseID('station@anywhere');
    await client.send(createHandshake('start'), anyStation);
    const again = await client.nextHandshake();
    expect(again).toMatchObject({ message: 'DIM?', session: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(again.extra).toMatchObject({ title: 'DIM?', remote_address: ['127.0.0.1', expect.any(Number)] });
    expect(host.sessions.sessionCount).toBe(0);
    await client.send(createHandshake('restart', again.session));
    const success = await client.nextHandshake();
    expect(success).toMatchObject({ message: 'DIM!', session: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(success.extra).not.toHaveProperty('ack');
    await until(() => host.sessions.sessionCount === 1);
    const [session] = host.relay.attached;
    expect(session).toMatchObject({ user: { text: stranger.id.key }, device: '', wantsAcks: false });
    expect(host.relay.attached.has(session as never)).toBe(true);
    expect(host.noted).toEqual([stranger.id.key]);
  });

  it('shows the station once, and no more when it asks again', async () => {
    const host = await startInbound(account);
    const client = await Client.connect(alice, host);
    for (let i = 0; i < 2; i++) await client.send(createHandshake('start'));
    await until(() => client.web.messages.length === 2);
    const packages = client.web.texts().map(text => JSON.parse(text));
    expect(packages.map(({ meta }) => meta !== undefined)).toEqual([true, false]);
    expect(packages[0].sender).toBe(account.id.text);
  });

  it('takes the terminal of the sender for the device', async () => {
    const host = await startInbound(account);
    await (await Client.connect(alice, host)).logIn({ device: 'phone' });
    await (await Client.connect(alice, host)).logIn();
    await until(() => host.sessions.sessionCount === 2);
    expect([...host.relay.attached].map(({ device }) => device).sort()).toEqual(['', 'phone']);
    expect(host.sessions.userCount).toBe(1);
  });

  it('agrees on acknowledgements and offers uploads', async () => {
    const upload = { url: 'http://127.0.0.1/upload/{ID}/file', token: 'abc', expires: 1 };
    const host = await startInbound(account, { offerUpload: () => upload });
    const success = await (await Client.connect(alice, host)).logIn({ extra: { ack: true } });
    expect(success.extra).toMatchObject({ ack: true, upload });
    const [session] = host.relay.attached;
    expect(session).toMatchObject({ wantsAcks: true, acknowledges: true });
  });

  it('asks again for a wrong key, and closes after too many', async () => {
    const host = await startInbound(account);
    const client = await Client.connect(alice, host);
    const wrong = '0'.repeat(64);
    for (let i = 0; i < 16; i++) {
      await client.send(createHandshake('restart', i % 2 === 0 ? wrong : 'not even a key'));
      expect((await client.nextHandshake()).message).toBe('DIM?');
    }
    await client.send(createHandshake('restart', wrong));
    expect((await client.web.closed).code).toBe(1008);
    expect(host.sessions.sessionCount).toBe(0);
  });

  it('takes no key of another connection', async () => {
    const host = await startInbound(account);
    const [one, other] = [await Client.connect(alice, host), await Client.connect(alice, host)];
    await one.send(createHandshake('start'));
    const { session } = await one.nextHandshake();
    await other.send(createHandshake('restart', session));
    expect((await other.nextHandshake()).message).toBe('DIM?');
  });

  it('is refused for a second user of a connection, and repeated for the same', async () => {
    const host = await startInbound(account);
    const client = await Client.connect(alice, host);
    const { session } = await client.logIn();
    const asBob = new Client(bob, client.web, account.id);
    client.web.socket.send(await asBob.pack(createHandshake('start')));
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_NOT_YOUR_MESSAGE' });
    await client.send(createHandshake('restart', session));
    expect(await client.nextHandshake()).toMatchObject({ message: 'DIM!', session });
    expect(host.sessions.sessionCount).toBe(1);
  });

  it('is refused to who is banned', async () => {
    const host = await startInbound(account);
    host.banned.add(alice.id.key);
    const client = await Client.connect(alice, host);
    await client.send(createHandshake('start'));
    // the meta of the station is known from before
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_BANNED' });
    expect((await client.web.closed).code).toBe(1008);
  });

  it('answers a user whose identity key only signs by the profile that he brings', async () => {
    const host = await startInbound(account);
    const carol = await newPerson('carol', { algorithm: 'ECC' });
    const client = await Client.connect(carol, host);
    const profile = await carol.user.profile();
    const bare = JSON.parse(
      Buffer.from(
        await client.pack(createHandshake('start'), carol.facebook.parseID('station@anywhere')),
      ).toString(),
    );
    client.web.socket.send(JSON.stringify(bare));
    const { data, signature } = profile as { data: string; signature: Uint8Array };
    const visa = { ID: carol.id.text, data, signature: Buffer.from(signature).toString('base64') };
    client.web.socket.send(JSON.stringify({ ...bare, profile: { ...visa, signature: 'AAAA' } }));
    client.web.socket.send(JSON.stringify({ ...bare, profile: visa }));
    const { message } = await client.nextHandshake();
    expect(message).toBe('DIM?');
    // nothing could be said to the first two
    expect(client.web.messages).toHaveLength(1);
  });

  it('ends connections that do not log in, and no others', async () => {
    const host = await startInbound(account, { limits: { loginSeconds: 3 } });
    const [stranger, user] = [await Client.connect(bob, host), await Client.connect(alice, host)];
    await user.logIn();
    every(20, () => stranger.web.socket.send('PING'));
    expect((await stranger.web.closed).code).toBe(1008);
    expect(user.web.socket.readyState).toBe(1);
  });

  it('closes the oldest connection of a user who has too many', async () => {
    const host = await startInbound(account, { limits: { connectionsPerUser: 2 } });
    const clients: Client[] = [];
    for (let i = 0; i < 3; i++) {
      const client = await Client.connect(alice, host);
      await client.logIn();
      clients.push(client);
    }
    expect((await clients[0]?.web.closed)?.code).toBe(1008);
    await until(() => host.sessions.sessionCount === 2);
    expect(clients.slice(1).map(({ web }) => web.socket.readyState)).toEqual([1, 1]);
  });
});

describe('a session', () => {
  it('goes on with another connection by its key alone, once', async () => {
    const host = await startInbound(account);
    const first = await Client.connect(alice, host);
    const { session } = await first.logIn({ device: 'phone' });
    first.web.socket.terminate();
    await until(() => host.sessions.sessionCount === 0);
    const second = await Client.connect(alice, host);
    await second.send(createHandshake('restart', session), undefined, 'phone');
    const resumed = await second.nextHandshake();
    expect(resumed.message).toBe('DIM!');
    expect(resumed.session).not.toBe(session);
    const [now] = host.relay.attached;
    expect(now).toMatchObject({ user: { text: alice.id.key }, device: 'phone' });
    const third = await Client.connect(alice, host);
    await third.send(createHandshake('restart', session), undefined, 'phone');
    expect((await third.nextHandshake()).message).toBe('DIM?');
  });

  it('goes on while the station has not noticed the end of the old connection, which is closed', async () => {
    const host = await startInbound(account);
    const first = await Client.connect(alice, host);
    const { session } = await first.logIn();
    const second = await Client.connect(alice, host);
    await second.send(createHandshake('restart', session));
    expect((await second.nextHandshake()).message).toBe('DIM!');
    expect((await first.web.closed).code).toBe(1008);
    const third = await Client.connect(alice, host);
    await third.send(createHandshake('restart', session));
    expect((await third.nextHandshake()).message).toBe('DIM?');
    expect(host.sessions.sessionCount).toBe(1);
  });

  it('does not go on for another user or device', async () => {
    const host = await startInbound(account);
    for (const [person, device] of [
      [bob, undefined],
      [alice, 'tablet'],
    ] as const) {
      const first = await Client.connect(alice, host);
      const { session } = await first.logIn();
      const second = await Client.connect(person, host);
      await second.send(createHandshake('restart', session), undefined, device);
      expect((await second.nextHandshake()).message).toBe('DIM?');
    }
  });

  it('does not go on by a handshake that was recorded', async () => {
    const host = await startInbound(account);
    const first = await Client.connect(alice, host);
    await first.send(createHandshake('start'));
    const { session } = await first.nextHandshake();
    const recorded = await first.pack(createHandshake('restart', session));
    first.web.socket.send(recorded);
    expect((await first.nextHandshake()).message).toBe('DIM!');
    first.web.socket.terminate();
    await until(() => host.sessions.sessionCount === 0);
    const thief = await Client.connect(bob, host);
    thief.web.socket.send(recorded);
    await until(() => thief.web.messages.length === 1);
    expect(host.sessions.sessionCount).toBe(0);
  });

  it('is paused and goes on as its user reports', async () => {
    const host = await startInbound(account, {
      desk: async content => ({
        contents: [createText('noted')],
        presence: (content as { title?: string }).title === 'online',
      }),
    });
    const client = await Client.connect(alice, host);
    await client.logIn();
    await client.send(createReport('offline'));
    expect(await client.next()).toMatchObject({ kind: 'text' });
    await until(() => host.relay.attached.size === 0);
    expect(host.sessions.ofUser(alice.id)).toEqual([]);
    await client.send(createReport('online'));
    await until(() => host.relay.attached.size === 1);
    expect(host.sessions.ofUser(alice.id)).toHaveLength(1);
  });

  it('of another is not paused by who has not logged in', async () => {
    const host = await startInbound(account, { desk: async () => ({ contents: [], presence: false }) });
    const client = await Client.connect(alice, host);
    await client.logIn();
    const thief = await Client.connect(alice, host);
    await thief.send(createReport('offline'));
    await until(() => host.asked.length === 1);
    expect(host.relay.attached.size).toBe(1);
  });
});
