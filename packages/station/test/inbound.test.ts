import { createText } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import { createHandshake, createLogin, createUsersQuery } from '@dimp/sdk';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Relayed } from '../src/relay.js';
import type { StationAccount } from '../src/station-account.js';
import {
  Client,
  introduce,
  newAccount,
  newPerson,
  type Person,
  startInbound,
  type TestHost,
} from './inbound-kit.js';
import { connectRaw, until } from './socket-kit.js';

let account: StationAccount;
let alice: Person;
let bob: Person;
let everyone: ID;
let anyStation: ID;

beforeAll(async () => {
  account = await newAccount();
  alice = await newPerson('alice', { knows: account });
  bob = await newPerson('bob', { knows: account });
  await introduce(bob, alice);
  await introduce(alice, bob);
  everyone = alice.facebook.parseID('everyone@everywhere');
  anyStation = alice.facebook.parseID('station@anywhere');
});

/** Alice, logged in. */
async function loggedIn(host: TestHost, extra = {}): Promise<Client> {
  const client = await Client.connect(alice, host);
  await client.logIn({ extra });
  return client;
}

const withAcks = { ack: true };

describe('a message for somebody', () => {
  it('goes to the relay as it came, and its sender gets a receipt in the form of generation 1', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    const data = await client.pack(createText('hello'), bob.id);
    const { signature, time } = JSON.parse(Buffer.from(data).toString());
    client.web.socket.send(data);
    const receipt = await client.nextReceipt();
    expect(receipt).toMatchObject({
      command: 'receipt',
      message: 'Message cached',
      sender: alice.id.text,
      receiver: bob.id.text,
      time,
      extra: { signature },
    });
    expect(receipt.extra).not.toHaveProperty('code');
    const [accepted] = host.relay.accepted;
    expect(Buffer.from(accepted?.data ?? []).equals(data)).toBe(true);
    expect(accepted?.from.user?.text).toBe(alice.id.key);
  });

  it('is acknowledged in place of a receipt for who asked so', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host, withAcks);
    const data = await client.pack(createText('hello'), bob.id);
    const { signature, time } = JSON.parse(Buffer.from(data).toString());
    client.web.socket.send(data);
    expect(await client.nextText()).toBe(`ACK:{"time":${time},"signature":"${signature}"}`);
  });

  it('has no answer before it is on disk', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host, withAcks);
    let stored: (relayed: Relayed) => void = () => {};
    host.relay.outcome = () =>
      new Promise(resolve => {
        stored = resolve;
      });
    await client.send(createText('hello'), bob.id);
    await until(() => host.relay.accepted.length === 1);
    const before = client.web.messages.length;
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(client.web.messages.length).toBe(before);
    stored({ kind: 'stored', isOnline: true });
    expect(await client.nextText()).toMatch(/^ACK:/);
  });

  it('has the receipt that fits what the relay says, repeats the one of the first time', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    const outcomes: [Relayed, string][] = [
      [{ kind: 'stored', isOnline: true }, 'Message delivering'],
      [{ kind: 'stored', isOnline: false }, 'Message cached'],
      [{ kind: 'repeated' }, 'Message cached'],
      [
        { kind: 'refused', refusal: { reason: 'blocked' } },
        'Message refused: the receiver has blocked the sender.',
      ],
    ];
    for (const [outcome, text] of outcomes) {
      host.relay.outcome = async () => outcome;
      await client.send(createText('hello'), bob.id);
      expect((await client.nextReceipt()).message).toBe(text);
    }
    await (await Client.connect(bob, host)).logIn();
    await until(() => host.sessions.sessionCount === 2);
    host.relay.outcome = async () => ({ kind: 'repeated' });
    await client.send(createText('hello'), bob.id);
    expect((await client.nextReceipt()).message).toBe('Message delivering');
  });

  it('is refused with the code and the seconds after which to try again', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host, withAcks);
    host.relay.outcome = async () => ({
      kind: 'refused',
      refusal: { reason: 'storage', retryAfter: 60 },
    });
    const data = await client.pack(createText('hello'), bob.id);
    client.web.socket.send(data);
    const { signature } = JSON.parse(Buffer.from(data).toString());
    expect(await client.nextReceipt()).toMatchObject({
      receiver: bob.id.text,
      extra: { code: 'ERR_STATION_STORAGE', retry_after: 60, signature },
    });
    host.relay.outcome = () => Promise.reject(new Error('disk'));
    await client.send(createText('hello'), bob.id);
    expect((await client.nextReceipt()).extra).toMatchObject({
      code: 'ERR_STATION_STORAGE',
      retry_after: 10,
    });
    expect(host.refused).toEqual(['storage', 'storage']);
  });

  it('keeps its place among those of its connection, whatever comes between', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host, withAcks);
    const lines: Uint8Array[] = [];
    for (let i = 0; i < 40; i++) {
      lines.push(await client.pack(createText(`${i}`), bob.id));
      if (i % 10 === 0) lines.push(await client.pack(createUsersQuery()));
    }
    client.web.socket.send(lines.map(line => Buffer.from(line).toString()).join('\n'));
    await until(() => host.relay.accepted.length === 40);
    const texts: string[] = [];
    for (const { data } of host.relay.accepted) {
      const received = await bob.messenger.processPackage(data);
      texts.push(
        received.kind === 'accepted' ? (received.message.content as { text: string }).text : received.kind,
      );
    }
    expect(texts).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`));
  });

  it('comes by lines as well', async () => {
    const host = await startInbound(account);
    const web = await Client.connect(alice, host);
    const raw = await connectRaw(host.port);
    raw.socket.write(`${Buffer.from(await web.pack(createHandshake('start'), anyStation))}\n`);
    await until(() => raw.text().endsWith('}\n'));
    const received = await alice.messenger.processPackage(Buffer.from(raw.text()));
    const content = received.kind === 'accepted' ? (received.message.content as { session?: string }) : {};
    raw.socket.write(`${Buffer.from(await web.pack(createHandshake('restart', content.session)))}\n`);
    await until(() => host.sessions.sessionCount === 1);
    raw.socket.write(`${Buffer.from(await web.pack(createText('hello'), bob.id))}\n`);
    await until(() => host.relay.accepted.length === 1 && raw.text().split('\n').length === 4);
  });
});

describe('what is refused', () => {
  it('a message of another sender, though his signature is right', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    client.web.socket.send(await new Client(bob, client.web, account.id).pack(createText('hello'), alice.id));
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_NOT_YOUR_MESSAGE' });
    expect(host.relay.accepted).toEqual([]);
  });

  it('a message under another name, and one whose signature or data were altered', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    const data = JSON.parse(Buffer.from(await client.pack(createText('hello'), bob.id)).toString());
    const other = JSON.parse(Buffer.from(await client.pack(createText('hello'), bob.id)).toString());
    const { meta, ...plain } = data;
    const altered = [
      { ...plain, signature: other.signature },
      { ...plain, data: other.data },
      { ...plain, signature: '' },
      { ...data, signature: other.signature },
      { ...data, meta: { ...meta, fingerprint: other.signature } },
    ];
    for (const one of altered) {
      client.web.socket.send(JSON.stringify(one));
      expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_BAD_SIGNATURE' });
    }
    client.web.socket.send(JSON.stringify({ ...plain, sender: bob.id.text }));
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_NOT_YOUR_MESSAGE' });
    client.web.socket.send(JSON.stringify({ ...data, meta: { version: 1 } }));
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_MALFORMED' });
    expect(host.relay.accepted).toEqual([]);
    client.web.socket.send(JSON.stringify(plain));
    await until(() => host.relay.accepted.length === 1);
  });

  it('everything before login, with the key to log in by', async () => {
    const host = await startInbound(account);
    const client = await Client.connect(alice, host);
    await client.send(createText('hello'), bob.id);
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_NOT_LOGGED_IN' });
    const { message, session } = await client.nextHandshake();
    expect(message).toBe('DIM?');
    await client.send(createText('hello'), everyone);
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_NOT_LOGGED_IN' });
    expect((await client.nextHandshake()).session).toBe(session);
    await client.send(createHandshake('restart', session));
    expect((await client.nextHandshake()).message).toBe('DIM!');
    expect([host.relay.accepted, host.asked]).toEqual([[], []]);
  });

  it('without a word, what nobody known has signed', async () => {
    const host = await startInbound(account);
    const stranger = await newPerson('stranger', { knows: account });
    const client = await Client.connect(stranger, host);
    const { meta: _, ...plain } = JSON.parse(
      Buffer.from(await client.pack(createHandshake('start'))).toString(),
    );
    client.web.socket.send(JSON.stringify(plain));
    await until(() => host.refused.length === 1);
    expect(host.refused).toEqual(['unknown-sender']);
    expect(client.web.messages).toEqual([]);
  });

  it('what is no message, and after too many of them the connection', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    client.web.socket.send('{"sender":1}');
    expect(await client.nextReceipt()).toMatchObject({
      message: 'Message refused: it is no message of this protocol.',
      extra: { code: 'ERR_STATION_MALFORMED' },
    });
    for (let i = 0; i < 20; i++) client.web.socket.send('garbage');
    expect((await client.web.closed).code).toBe(1008);
    expect(host.refused).toEqual(Array(16).fill('malformed'));
  });

  it('what the station cannot open', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    const json = JSON.parse(Buffer.from(await client.pack(createText('hello'), bob.id)).toString());
    client.web.socket.send(JSON.stringify({ ...json, receiver: account.id.text }));
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_MALFORMED' });
    expect(host.asked).toEqual([]);
  });

  it('what a user sends who has been banned meanwhile', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    host.banned.add(alice.id.key);
    await client.send(createText('hello'), bob.id);
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_BANNED' });
    expect((await client.web.closed).code).toBe(1008);
    expect(host.relay.accepted).toEqual([]);
  });

  it('what comes while the station stops; what came before has its answer', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host, withAcks);
    let stored: (relayed: Relayed) => void = () => {};
    host.relay.outcome = () =>
      new Promise(resolve => {
        stored = resolve;
      });
    await client.send(createText('one'), bob.id);
    await until(() => host.relay.accepted.length === 1);
    let isStopped = false;
    const stopped = host.inbound.stop().then(() => {
      isStopped = true;
    });
    await client.send(createText('two'), bob.id);
    expect((await client.nextReceipt()).extra).toMatchObject({
      code: 'ERR_STATION_STOPPING',
      retry_after: 10,
    });
    expect(isStopped).toBe(false);
    stored({ kind: 'stored', isOnline: true });
    expect(await client.nextText()).toMatch(/^ACK:/);
    await stopped;
    const late = await Client.connect(bob, host);
    expect((await late.web.closed).code).toBe(1001);
  });
});

describe('a message for the station', () => {
  it('goes to the desk by any of its names, before login too, and is answered for its sender', async () => {
    const host = await startInbound(account, {
      desk: async () => ({ contents: [createText('one'), createText('two')] }),
    });
    const client = await Client.connect(alice, host);
    for (const name of [account.id.text, 'station@anywhere', 'anyone@anywhere', 'archivist@anywhere']) {
      await client.send(createUsersQuery(), alice.facebook.parseID(name));
      expect([await client.next(), await client.next()]).toMatchObject([{ text: 'one' }, { text: 'two' }]);
    }
    expect(host.asked.map(({ content }) => content.kind)).toEqual(Array(4).fill('users-command'));
    expect(host.asked[0]?.request.sender.text).toBe(alice.id.text);
    expect(host.relay.accepted).toEqual([]);
  });

  it('is read by the desk and relayed as well when it is for everybody', async () => {
    const host = await startInbound(account);
    const client = await loggedIn(host);
    await client.send(createLogin(alice.id, { time: 1 }), everyone);
    expect((await client.nextReceipt()).message).toBe('Message cached');
    expect(host.asked.map(({ content }) => content.kind)).toEqual(['login-command']);
    expect(host.relay.accepted).toHaveLength(1);
  });
});

describe('limits', () => {
  it('hold back who sends too fast, and lose nothing', async () => {
    const host = await startInbound(account, { limits: { messagesPerSecond: 20, burst: 0.5 } });
    const client = await loggedIn(host, withAcks);
    const began = performance.now();
    const packages: Uint8Array[] = [];
    for (let i = 0; i < 20; i++) packages.push(await client.pack(createText(`${i}`), bob.id));
    for (const data of packages) client.web.socket.send(data);
    await until(() => host.relay.accepted.length === 20);
    expect(performance.now() - began).toBeGreaterThan(400);
    expect(host.refused).toEqual([]);
  });

  it('are shared by all connections of a user', async () => {
    const host = await startInbound(account, { limits: { messagesPerSecond: 0.1, burst: 100 } });
    const clients = [await loggedIn(host, withAcks), await loggedIn(host, withAcks)];
    for (let i = 0; i < 12; i++) await clients[i % 2]?.send(createText(`${i}`), bob.id);
    await until(() => host.relay.accepted.length === 10);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(host.relay.accepted).toHaveLength(10);
  });
});

describe('a neighbour station', () => {
  it('may bring what others have signed, and nothing else', async () => {
    const neighbour = await newPerson('neighbour', { knows: account });
    const host = await startInbound(account, { neighbours: [neighbour.id] });
    const client = await Client.connect(neighbour, host);
    await client.logIn({ extra: withAcks });
    const data = await new Client(alice, client.web, account.id).pack(createText('hello'), bob.id);
    client.web.socket.send(data);
    expect(await client.nextText()).toMatch(/^ACK:/);
    expect(host.relay.accepted).toHaveLength(1);
    const json = JSON.parse(Buffer.from(data).toString());
    client.web.socket.send(JSON.stringify({ ...json, signature: 'AAAA' }));
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_BAD_SIGNATURE' });
    const stranger = await newPerson('stranger');
    await introduce(bob, stranger);
    const unknown = JSON.parse(
      Buffer.from(
        await new Client(stranger, client.web, account.id).pack(createText('hello'), bob.id),
      ).toString(),
    );
    client.web.socket.send(JSON.stringify({ ...unknown, meta: undefined }));
    expect((await client.nextReceipt()).extra).toMatchObject({ code: 'ERR_STATION_UNKNOWN_SENDER' });
  });
});

describe('acknowledgements of a client', () => {
  it('go to the relay, and mark the session as one that acknowledges', async () => {
    const host = await startInbound(account);
    const client = await Client.connect(alice, host);
    client.web.socket.send('ACK:{"time":1,"signature":"QUJD"}');
    await client.logIn();
    const [session] = host.relay.attached;
    expect(session?.acknowledges).toBe(false);
    client.web.socket.send('ACK:{"time":1,"signature":"REVG"}');
    await until(() => host.relay.signatures.length === 1);
    expect(host.relay.signatures).toEqual(['REVG']);
    expect(session?.acknowledges).toBe(true);
  });
});
