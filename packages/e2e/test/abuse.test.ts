import type { Socket } from 'node:net';
import { createText } from '@dimp/dkd';
import { createHandshake } from '@dimp/sdk';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { afterTest } from './kit/after-test.js';
import { Client } from './kit/client.js';
import { frameHead } from './kit/frames.js';
import { countOf, numbers, seed } from './kit/random.js';
import { gone, type Line, linesOver, Raw, rawSocket, textLine, webLine } from './kit/raw.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

/** Handshakes of one attack. */
const handshakes = countOf('HANDSHAKES', 10_000);
const megabyte = 1_048_576;
/**
 * What a station's memory may grow by, whatever is done to it: garbage is collected before it is measured. The journal
 * of what came last and the digests of what came lately lie in memory, 16 and 4 MB, however much comes.
 */
const tolerated = 32 * megabyte;

let alice: Account;
let bob: Account;
let carol: Account;
let mallory: Account;

beforeAll(async () => {
  [alice, bob, carol, mallory] = (await Promise.all(
    ['alice', 'bob', 'carol', 'mallory'].map(newAccount),
  )) as [Account, Account, Account, Account];
});

let station: Station;

/** Starts a station for a test; nobody is held back for his rate. */
async function begin(options: Parameters<typeof Station.start>[0] = {}): Promise<void> {
  const limits = { messagesPerSecond: 1_000_000, bytesPerSecond: 1_000_000_000, ...options.limits };
  station = await Station.start({ ...options, limits });
}

/** Seconds that two who talk may have to wait for a message while somebody attacks. */
const patience = 5;

/** Two who talk all the time; what comes back tells how much was heard, and ends it. */
async function talk(): Promise<{ readonly heard: () => number; readonly end: () => Promise<void> }> {
  const b = await Client.connect(bob, { url: station.url, knows: [carol] });
  const c = await Client.connect(carol, { url: station.url, knows: [bob] });
  let isEnough = false;
  const talking = (async () => {
    let said = 0;
    for (; !isEnough; said++) {
      expect(await b.send(`${said}`, carol)).toMatchObject({ kind: 'sent' });
      await until(() => c.heard.length > said);
    }
    expect(c.texts).toEqual(Array.from({ length: said }, (_, index) => `${index}`));
  })();
  return {
    heard: () => c.heard.length,
    end() {
      isEnough = true;
      return talking;
    },
  };
}

/** Runs an attack and sees that others were served, that memory stays as it was, and that the station says nothing. */
async function withstands(attack: () => Promise<void>): Promise<void> {
  const talking = await talk();
  const before = await station.status();
  const [start, heard] = [performance.now(), talking.heard()];
  await attack();
  const seconds = (performance.now() - start) / 1000;
  expect(talking.heard() - heard).toBeGreaterThanOrEqual(Math.floor(seconds / patience));
  await talking.end();
  const after = await station.status();
  expect(after.memory - before.memory).toBeLessThan(tolerated);
  expect(station.errors).toBe('');
}

describe('a client that never reads', () => {
  const lines: readonly (readonly [string, boolean, () => Promise<Line>])[] = [
    ['and acknowledges nothing', true, () => webLine(station.url)],
    ['and was never asked to acknowledge', false, () => webLine(station.url)],
    ['by raw JSON lines', false, () => textLine(station.port)],
  ];

  it.each(lines)('%s, costs the station no memory', async (_, acknowledges, connect) => {
    await begin();
    await withstands(async () => {
      const deaf = await Raw.create(mallory, await connect(), station);
      await deaf.logIn(acknowledges ? { ack: true } : {});
      deaf.line.pause();
      const a = await Client.connect(alice, { url: station.url, knows: [mallory] });
      const text = 'x'.repeat(500_000);
      for (let count = 0; count < 60; count++) {
        expect(await a.send(createText(text), mallory)).toMatchObject({ kind: 'sent' });
      }
      // it is all there, on disk
      expect((await station.status()).stored.bytes).toBeGreaterThan(20 * megabyte);
    });
  });
});

describe('a client that sends a byte now and then', () => {
  it('has to have logged in after a while, whatever it begins with', async () => {
    await begin({ limits: { loginSeconds: 3, silenceSeconds: 30 } });
    await withstands(async () => {
      const beginnings = ['GET / HTTP/1.1\r\nHost: station\r\nUser-Agent: ', '{"sender":"', 'P', ''];
      await Promise.all(
        beginnings.map(async beginning => {
          const socket = await rawSocket(station.port);
          const closed = gone(socket);
          const text = `${beginning}${'x'.repeat(1_000)}`;
          let sent = 0;
          const timer = setInterval(() => beginning !== '' && socket.write(text[sent++] as string), 20);
          afterTest(() => clearInterval(timer));
          socket.resume();
          await closed;
          clearInterval(timer);
          expect(sent).toBeLessThan(text.length);
        }),
      );
    });
  });

  it('is served when it has logged in', async () => {
    await begin();
    const socket = await rawSocket(station.port);
    const slow = await Raw.create(alice, linesOver(socket), station, [bob]);
    await slow.logIn();
    const b = await Client.connect(bob, { url: station.url });
    const text = `${await slow.pack(createText('patience'), bob)}\n`;
    for (const letter of text) {
      socket.write(letter);
      await new Promise(setImmediate);
    }
    expect(await b.hears(1)).toEqual(['patience']);
  });
});

describe(`a client that sends garbage (FAULT_SEED=${seed})`, () => {
  beforeEach(() => begin());

  it('is dropped or ignored, by each framing', async () => {
    const random = numbers('garbage');
    const bytes = (length: number): Buffer =>
      Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
    const upgrade = upgradeRequest();
    const heads: readonly (() => Buffer)[] = [
      () => bytes(1 + Math.floor(random() * 4_000)),
      () => Buffer.concat([Buffer.from('{"'), bytes(Math.floor(random() * 4_000)), Buffer.from('\n{"\n')]),
      () => Buffer.concat([Buffer.from('GET /'), bytes(Math.floor(random() * 400)), Buffer.from('\r\n\r\n')]),
      () => Buffer.concat([upgrade, bytes(1 + Math.floor(random() * 4_000))]),
      () => Buffer.concat([upgrade, frameOf(bytes(Math.floor(random() * 300)))]),
      () => Buffer.concat([upgrade, frameOf(Buffer.from('{"a":'.repeat(20_000)))]),
      () => Buffer.concat([upgrade, frameOf(Buffer.from(`{"sender":${'['.repeat(50_000)}`))]),
      () => Buffer.concat([upgrade, frameOf(Buffer.from('ACK:{"time":1,"signature":[]}'))]),
      () =>
        Buffer.from(`${JSON.stringify({ sender: 1, receiver: {}, data: [], signature: null })}\n`.repeat(50)),
    ];
    await withstands(async () => {
      for (let round = 0; round < 20; round++) {
        await Promise.all(
          heads.map(async head => {
            const socket = await rawSocket(station.port);
            socket.resume().end(head());
            await gone(socket);
          }),
        );
      }
    });
  });

  it('is dropped after 16 packages that are none, also when it has logged in', async () => {
    const raw = await Raw.create(mallory, await webLine(station.url), station);
    await raw.logIn();
    for (let count = 0; count < 16; count++) raw.line.send('{"sender":"nobody"}');
    expect(await raw.line.closed).toMatchObject({ code: 1008 });
  });
});

describe('a client that sends 100 MB', () => {
  beforeEach(() => begin());

  it('in a frame is ended when it announces them', async () => {
    await withstands(async () => {
      const socket = await rawSocket(station.port);
      const chunks: Buffer[] = [];
      socket.on('data', chunk => chunks.push(chunk));
      socket.write(Buffer.concat([upgradeRequest(), frameHead(2, 100_000_000), Buffer.alloc(1_000)]));
      await gone(socket);
      // a close frame with 1009
      expect(Buffer.concat(chunks).includes(Buffer.from([0x03, 0xf1]))).toBe(true);
    });
  });

  it('in a line without an end is ended soon', async () => {
    await withstands(async () => {
      const socket = await rawSocket(station.port);
      const chunk = Buffer.alloc(65_536, 'x');
      socket.resume().write('{"sender":"');
      let isClosed = false;
      const closed = gone(socket).then(() => {
        isClosed = true;
      });
      while (!isClosed && socket.bytesWritten < 100_000_000) {
        if (!socket.write(chunk)) await Promise.race([drained(socket), closed]);
      }
      expect(socket.bytesWritten).toBeLessThan(20_000_000);
    });
  });

  it('in pieces of frames is ended at the limit', async () => {
    await withstands(async () => {
      const socket = await rawSocket(station.port);
      socket.resume().write(upgradeRequest());
      const piece = Buffer.concat([frameHead(0, 65_536), Buffer.alloc(65_536, 'x')]);
      const first = Buffer.from(piece);
      first[0] = 0x01;
      piece[0] = 0x00;
      let isClosed = false;
      const closed = gone(socket).then(() => {
        isClosed = true;
      });
      socket.write(first);
      while (!isClosed && socket.bytesWritten < 100_000_000) {
        if (!socket.write(piece)) await Promise.race([drained(socket), closed]);
      }
      expect(socket.bytesWritten).toBeLessThan(20_000_000);
    });
  });
});

describe(`${handshakes} handshakes`, () => {
  it('of clients that never log in keep nobody from talking', async () => {
    await begin();
    await withstands(async () => {
      let left = handshakes;
      const attacker = async (): Promise<void> => {
        while (left > 0) {
          left -= 17;
          const raw = await Raw.create(mallory, await webLine(station.url), station);
          const hello = await raw.pack(createHandshake('start'), { id: 'station@anywhere' });
          // one more than is answered
          for (let count = 0; count < 17; count++) raw.line.send(hello);
          expect(await raw.line.closed).toMatchObject({ code: 1008 });
          expect(raw.line.heard.length).toBeLessThanOrEqual(16);
        }
      };
      await Promise.all(Array.from({ length: 8 }, attacker));
    });
    expect((await station.status()).sessions).toBe(2);
  }, 300_000);
});

describe('a neighbour station that hangs', () => {
  it('misses the news, and nothing else happens', async () => {
    await begin({ neighbours: [mallory.id] });
    await withstands(async () => {
      const hung = await Raw.create(mallory, await webLine(station.url), station);
      await hung.logIn({ ack: true });
      hung.line.pause();
      const a = await Client.connect(alice, { url: station.url });
      const text = 'x'.repeat(200_000);
      for (let count = 0; count < 200; count++) {
        const sent = await a.send(createText(`${count} ${text}`), { id: 'everyone@everywhere' });
        expect(sent).toMatchObject({ kind: 'sent' });
      }
    });
  });
});

function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => socket.once('drain', () => resolve()));
}

function upgradeRequest(): Buffer {
  const lines = [
    'GET / HTTP/1.1',
    'Host: station',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

function frameOf(payload: Buffer): Buffer {
  return Buffer.concat([frameHead(1, payload.length), payload]);
}
