import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createMetaCommand, createText } from '@dimp/dkd';
import { createLogin, createReport } from '@dimp/sdk';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StationAddress, StationOptions } from '../src/station-options.js';
import { StationServer } from '../src/station-server.js';
import { Client, introduce, newFolder, newPerson, type Person } from './inbound-kit.js';
import { afterTest, connectRaw, connectWeb, until } from './socket-kit.js';

let alice: Person;
let bob: Person;

beforeAll(async () => {
  [alice, bob] = [await newPerson('alice'), await newPerson('bob')];
  await introduce(alice, bob);
  await introduce(bob, alice);
});

/** A station in a folder, ready to be started. */
function newStation(data: string, options: Partial<StationOptions> = {}): StationServer {
  const station = new StationServer({
    data,
    listen: { port: 0 },
    keyBits: 1024,
    ...options,
  });
  afterTest(() => station.close());
  return station;
}

/** A person at a station, logged in with the URL alone. */
async function logIn(
  person: Person,
  { url, id }: StationAddress,
  ack = false,
  device?: string,
): Promise<Client> {
  const client = new Client(person, await connectWeb(url), person.facebook.parseID(id));
  await client.logIn({ extra: ack ? { ack: true } : {}, ...(device !== undefined && { device }) });
  return client;
}

const get = async (url: string): Promise<{ readonly status: number; readonly body: string }> => {
  const response = await fetch(url.replace(/^ws/, 'http'));
  return { status: response.status, body: await response.text() };
};

describe('a station', () => {
  it('makes nothing when its name or its neighbours are none', async () => {
    const data = join(await newFolder(), 'data');
    for (const name of ['a@b', 'my station', '', 'x'.repeat(129)]) {
      await expect(newStation(data, { name }).start()).rejects.toThrow(RangeError);
    }
    const neighbours = newStation(data, { neighbours: ['nobody'] }).start();
    await expect(neighbours).rejects.toMatchObject({ code: 'ERR_PARSE', path: 'neighbours' });
    expect(existsSync(data)).toBe(false);
  });

  it('starts on an empty folder, and is the same when it starts again', async () => {
    const data = join(await newFolder(), 'new', 'data');
    const first = newStation(data, { name: 'relay' });
    expect(first.status()).toMatchObject({ state: 'new', connections: 0, address: undefined });
    const address = await first.start();
    expect(address).toEqual({
      id: expect.stringMatching(/^relay@/),
      meta: expect.objectContaining({ seed: 'relay' }),
      host: '127.0.0.1',
      port: expect.any(Number),
      url: `ws://127.0.0.1:${address.port}`,
    });
    await first.close();
    expect(first.status().state).toBe('closed');
    const second = newStation(data, { name: 'another' });
    expect((await second.start()).id).toBe(address.id);
    await expect(second.start()).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });

  it('names who has the folder', async () => {
    const data = await newFolder();
    await newStation(data).start();
    await expect(newStation(data).start()).rejects.toMatchObject({
      code: 'ERR_STATION_RUNNING',
      holder: { pid: process.pid },
    });
  });

  it('leaves nothing open when it cannot start', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    afterTest(() => other.close());
    const { port } = other.address() as { port: number };
    const data = await newFolder();
    await expect(newStation(data, { listen: { port } }).start()).rejects.toMatchObject({
      code: 'ERR_STATION_LISTEN',
      message: `No station can listen on 127.0.0.1:${port}: the port is taken; stop what listens there, or choose another.`,
      cause: { code: 'EADDRINUSE' },
    });
    await expect(newStation(data, { neighbours: ['nobody'] }).start()).rejects.toMatchObject({
      code: 'ERR_PARSE',
    });
    const tls = { key: join(data, 'none'), certificate: join(data, 'none') };
    await expect(newStation(data, { tls }).start()).rejects.toMatchObject({ code: 'ERR_STATION_TLS' });
    await newStation(data).start();
  });

  it('seals its account with a passphrase', async () => {
    const data = await newFolder();
    const first = newStation(data, { passphrase: 'correct horse' });
    await first.start();
    await first.close();
    await expect(newStation(data).start()).rejects.toMatchObject({ code: 'ERR_STORE_PASSPHRASE_NEEDED' });
    await expect(newStation(data, { passphrase: 'wrong' }).start()).rejects.toMatchObject({
      code: 'ERR_STORE_PASSPHRASE',
    });
  });

  it('can be closed while it starts, and twice', async () => {
    const station = newStation(await newFolder());
    const started = station.start();
    await Promise.all([station.close(), station.close()]);
    const { port } = await started;
    await expect(connectRaw(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(station.status().state).toBe('closed');
  });

  it('answers for monitoring by HTTP, and by paths of its owner', async () => {
    const route = {
      method: 'GET',
      path: '/hello',
      handle: async ({ response }: { readonly response: { end(text: string): unknown } }) => {
        response.end('hello');
      },
    } as const;
    const address = await newStation(await newFolder(), { routes: [route] }).start();
    const { url } = address;
    expect(await get(`${url}/healthz`)).toMatchObject({
      status: 200,
      body: expect.stringContaining('running'),
    });
    expect((await get(`${url}/hello`)).body).toBe('hello');
    const client = await logIn(alice, address);
    await client.send(createText('hello'), bob.id);
    await client.nextReceipt();
    const { body } = await get(`${url}/metrics`);
    expect(body).toContain('dimp_station_sessions 1');
    expect(body).toContain('dimp_station_stored_messages 1');
    expect(body).toContain('dimp_station_accepted_seconds_count 1');
    expect((await get(`${url}/nothing`)).status).toBe(404);
  });
});

describe('messages by a station', () => {
  it('wait for who is not here, and come to all of his devices', async () => {
    const station = newStation(await newFolder());
    const address = await station.start();
    const sender = await logIn(alice, address);
    await sender.send(createText('one'), bob.id);
    expect((await sender.nextReceipt()).message).toBe('Message cached');
    expect(station.status()).toMatchObject({ relayed: 1, sessions: 1, stored: { messages: 1 } });
    const phone = await logIn(bob, address, true, 'phone');
    expect(await phone.next()).toMatchObject({ kind: 'text', text: 'one' });
    await sender.send(createText('two'), bob.id);
    expect((await sender.nextReceipt()).message).toBe('Message delivering');
    const two = await phone.nextText();
    expect(station.status().stored.messages).toBe(2);
    for (const text of [phone.web.texts().at(-2) as string, two]) {
      const { time, signature } = JSON.parse(text);
      phone.web.socket.send(`ACK:${JSON.stringify({ time, signature })}`);
    }
    await until(() => station.status().stored.messages === 0);
    expect(
      station
        .onlineUsers()
        .map(({ key }) => key)
        .sort(),
    ).toEqual([alice.id.key, bob.id.key].sort());
  });

  it('survive a restart between their two ways', async () => {
    const data = await newFolder();
    const first = newStation(data);
    const sender = await logIn(alice, await first.start(), true);
    for (let i = 0; i < 50; i++) await sender.send(createText(`${i}`), bob.id);
    const closed = sender.web.closed;
    await until(() => sender.web.texts().filter(text => text.startsWith('ACK:')).length === 50);
    await first.close();
    expect(await closed).toEqual({ code: 1001, reason: 'The station stops.' });
    const receiver = await logIn(bob, await newStation(data).start(), true);
    const texts: unknown[] = [];
    for (let i = 0; i < 50; i++) texts.push(((await receiver.next()) as { text?: string }).text);
    expect(texts).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  });

  it('are not taken from who is shut out, whose connections end', async () => {
    const station = newStation(await newFolder());
    const address = await station.start();
    const client = await logIn(alice, address);
    await station.setBanned(alice.id.text, true);
    expect((await client.web.closed).code).toBe(1008);
    await expect(logIn(alice, address)).rejects.toThrow();
    await station.setBanned(alice.id.text, false);
    await logIn(alice, address);
    await expect(station.setBanned('nobody', true)).rejects.toMatchObject({ code: 'ERR_PARSE' });
  });
});

describe('what a station answers itself', () => {
  it('is in the words of generation 1', async () => {
    const address = await newStation(await newFolder()).start();
    const client = await logIn(alice, address);
    await client.send(createMetaCommand(bob.id));
    expect(await client.next()).toMatchObject({
      kind: 'text',
      text: `Sorry, meta for ${bob.id.text} not found.`,
    });
    await logIn(bob, address);
    await client.send(createMetaCommand(bob.id));
    expect(await client.next()).toMatchObject({ kind: 'meta-command', id: { text: bob.id.text } });
    await client.send(createReport('offline'));
    expect((await client.nextReceipt()).message).toBe('Client offline received');
    await client.send(createLogin(alice.id, { time: 1 }), alice.facebook.parseID('everyone@everywhere'));
    const receipts = [await client.nextReceipt(), await client.nextReceipt()].map(({ message }) => message);
    expect(receipts).toEqual(['Login received', 'Message delivering']);
  });
});

describe('files by a station', () => {
  it('are uploaded with what the handshake brings, and there for everybody', async () => {
    const address = await newStation(await newFolder()).start();
    const client = new Client(alice, await connectWeb(address.url), alice.facebook.parseID(address.id));
    const { extra } = await client.logIn();
    const { url, token } = extra['upload'] as { readonly url: string; readonly token: string };
    expect(url).toBe(`http://127.0.0.1:${address.port}/upload/{ID}/file`);
    const form = new FormData();
    form.set('file', new Blob(['secret']), 'picture.png');
    const response = await fetch(url.replace('{ID}', alice.id.address.text), {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${token}` },
    });
    const uploaded = (await response.json()) as { readonly code: number; readonly url: string };
    expect(uploaded.code).toBe(200);
    expect((await get(uploaded.url)).body).toBe('secret');
  });

  it('are not offered by one that hosts none', async () => {
    const address = await newStation(await newFolder(), { files: false }).start();
    const client = new Client(alice, await connectWeb(address.url), alice.facebook.parseID(address.id));
    expect((await client.logIn()).extra).not.toHaveProperty('upload');
  });
});
