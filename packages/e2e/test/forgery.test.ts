import { type JsonObject, parseJsonObject } from '@dimp/crypto';
import { createText } from '@dimp/dkd';
import { createHandshake, type HandshakeCommand, type ReceiptCommand } from '@dimp/sdk';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { forAllTests } from './kit/after-test.js';
import { Client } from './kit/client.js';
import { Network } from './kit/network.js';
import { Raw, webLine } from './kit/raw.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

let station: Station;
let alice: Account;
let bob: Account;
let mallory: Account;
let neighbour: Account;

beforeAll(async () => {
  [alice, bob, mallory, neighbour] = (await Promise.all(
    ['alice', 'bob', 'mallory', 'neighbour'].map(newAccount),
  )) as [Account, Account, Account, Account];
  station = await forAllTests(() => Station.start({ neighbours: [neighbour.id] }));
});

/** Somebody who looks at every line, logged in. */
async function rawOf(account: Account): Promise<Raw> {
  const raw = await Raw.create(account, await webLine(station.url), station, [bob]);
  await raw.logIn();
  return raw;
}

/** A package with other members. */
function altered(text: string, members: JsonObject): string {
  return JSON.stringify({ ...parseJsonObject(text, 'Package'), ...members });
}

async function nextCode(raw: Raw): Promise<unknown> {
  return ((await raw.next()) as ReceiptCommand).extra['code'];
}

describe('a message', () => {
  it('in the name of somebody else is refused, whoever signed it', async () => {
    const b = await Client.connect(bob, { url: station.url, knows: [alice, mallory] });
    const [a, m] = [await rawOf(alice), await rawOf(mallory)];
    const own = await m.pack(createText('I am alice'), bob);
    m.line.send(altered(own, { sender: alice.id }));
    expect(await nextCode(m)).toBe('ERR_STATION_NOT_YOUR_MESSAGE');
    // hers, and not his to send
    m.line.send(await a.pack(createText('not yet'), bob));
    expect(await nextCode(m)).toBe('ERR_STATION_NOT_YOUR_MESSAGE');
    m.line.send(own);
    expect(((await m.next()) as ReceiptCommand).message).toBe('Message delivering');
    expect(await b.hears(1)).toEqual(['I am alice']);
    expect(b.heard[0]?.sender.text).toBe(mallory.id);
  });

  it('that was altered on its way is refused', async () => {
    const m = await rawOf(mallory);
    const text = await m.pack(createText('original'), bob);
    const { data, signature } = parseJsonObject(text, 'Package');
    const flip = (value: unknown): string => {
      const bytes = Buffer.from(String(value), 'base64');
      bytes[0] = (bytes[0] as number) ^ 1;
      return bytes.toString('base64');
    };
    for (const members of [{ data: flip(data) }, { signature: flip(signature) }, { signature: 'AAAA' }]) {
      m.line.send(altered(text, members));
      expect(await nextCode(m)).toBe('ERR_STATION_BAD_SIGNATURE');
    }
    m.line.send(altered(text, { meta: alice.meta }));
    expect(await nextCode(m)).toBe('ERR_STATION_BAD_SIGNATURE');
  });

  it('that is sent again is answered again and not delivered again, whoever brings it', async () => {
    const url = station.url;
    const b = await Client.connect(bob, { url, knows: [alice] });
    const a = await rawOf(alice);
    const text = await a.pack(createText('once'), bob);
    for (let count = 0; count < 3; count++) {
      a.line.send(text);
      expect(((await a.next()) as ReceiptCommand).message).toMatch(/^Message (delivering|cached)$/);
    }
    const near = await rawOf(neighbour);
    near.line.send(text);
    await near.next();
    near.line.send(altered(text, { data: 'AAAA' }));
    expect(await nextCode(near)).toBe('ERR_STATION_BAD_SIGNATURE');
    await a.send(createText('twice'), bob);
    expect(await b.hears(2)).toEqual(['once', 'twice']);
    expect(b.duplicates).toBe(0);
  });
});

describe('a handshake', () => {
  it('in the name of somebody else gets nobody in', async () => {
    // those of the tests before have gone
    await until(async () => (await station.status()).sessions === 0);
    const raw = await Raw.create(mallory, await webLine(station.url), station);
    const hello = await raw.pack(createHandshake('start'), { id: 'station@anywhere' });
    raw.line.send(altered(hello, { sender: alice.id }));
    raw.line.send(altered(hello, { sender: alice.id, meta: alice.meta }));
    // his own is answered, so the others were dealt with
    raw.line.send(hello);
    await until(async () => {
      const said = await Promise.all(
        raw.line.heard.map(text => raw.messenger.processPackage(Buffer.from(text))),
      );
      return said.some(
        received =>
          received.kind === 'accepted' && (received.message.content as HandshakeCommand).message === 'DIM?',
      );
    });
    expect((await station.status()).sessions).toBe(0);
  });

  it('that somebody recorded gets him in neither before nor after its owner has used it', async () => {
    const network = await Network.before(station);
    const a = await Client.connect(alice, { url: network.url, knows: [bob] });
    network.cut();
    await a.reaches('waiting');
    await a.reaches('ready');
    // his first, his answer to the question, and the one that went on with the session
    const recorded = network.said
      .filter(({ by, text }) => by === 'client' && text.includes('"receiver":"station@'))
      .map(({ text }) => text);
    expect(recorded).toHaveLength(3);
    await until(async () => (await station.status()).sessions === 1);
    for (const text of [...recorded, ...recorded]) {
      const thief = await webLine(station.url);
      thief.send(text);
      // all that comes is a question that only she can read
      await until(() => thief.heard.length > 0 || thief.isClosed);
      thief.send(recorded[1] as string);
      thief.send(recorded[2] as string);
      await until(() => thief.heard.length > 2 || thief.isClosed);
      for (const answer of thief.heard) {
        const opened = await a.messenger.processPackage(Buffer.from(answer));
        if (opened.kind !== 'accepted') continue;
        expect((opened.message.content as HandshakeCommand).message).toBe('DIM?');
      }
      thief.end();
      await thief.closed;
    }
    expect((await station.status()).sessions).toBe(1);
    expect(a.transport.state.kind).toBe('ready');
    expect(await a.send('still me', bob)).toMatchObject({ kind: 'sent' });
  });
});
