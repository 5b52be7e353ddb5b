import { parseJsonObject } from '@dimp/crypto';
import { createText } from '@dimp/dkd';
import type { ReceiptCommand } from '@dimp/sdk';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { Child } from './kit/child.js';
import { Client } from './kit/client.js';
import { countOf, numbers, seed } from './kit/random.js';
import { Raw, webLine } from './kit/raw.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

// FAULT_ROUNDS=200 FAULT_SEED=42 npm test: how often the station is killed, and at which moments
const rounds = countOf('FAULT_ROUNDS', 6);
/** Messages in all. */
const total = Math.max(10_000, rounds * 1_500);
const title = `(${rounds} kills, ${total} messages, FAULT_SEED=${seed})`;

let alice: Account;
let carol: Account;
let bob: Account;

beforeAll(async () => {
  [alice, carol, bob] = [await newAccount('alice'), await newAccount('carol'), await newAccount('bob')];
});

describe(`a station that is killed and started again while everybody writes ${title}`, () => {
  it('loses nothing, and no application hears anything twice or in another order', async () => {
    const random = numbers('station');
    const station = await Station.start(generous);
    const { url } = station;
    const b = await Client.connect(bob, { url, knows: [alice, carol] });
    const each = total / 2;
    const writers = [alice, carol].map(
      account => new Child('writer', { url, account, to: bob, count: each }),
    );
    for (let round = 0; round < rounds; round++) {
      const share = (total - b.heard.length) / (rounds - round);
      const moment = b.heard.length + Math.floor(share * (0.2 + 0.7 * random()));
      await until(() => b.heard.length >= moment, 120);
      await station.kill();
      await station.start();
    }
    await until(() => b.heard.length >= total, 120);
    await Promise.all(writers.map(({ ended }) => ended));
    expect(writers.map(({ lines, errors }) => [lines, errors])).toEqual(
      writers.map(() => [[{ gone: each, failed: 0 }], '']),
    );
    for (const account of [alice, carol]) {
      const texts = b.textsOf(account);
      expect(texts).toEqual(Array.from({ length: each }, (_, index) => `${index}`));
    }
    expect(b.rejected).toEqual([]);
    await until(async () => (await station.status()).stored.messages === 0);
    expect(b.heard.length).toBe(total);
  }, 3_600_000);

  it.each([
    ['acknowledgement', 200],
    ['receipt', 60],
  ] as const)(
    'has each message that got its %s, though it was never sent again',
    async (kind, burst) => {
      const random = numbers(kind);
      const station = await Station.start(generous);
      const promised = new Set<string>();
      const sent: string[] = [];
      const lives = Math.ceil(rounds / 2);
      for (let life = 0; life < lives; life++) {
        const writer = await Raw.create(alice, await webLine(station.url), station, [bob]);
        await writer.logIn(kind === 'receipt' ? {} : { ack: true });
        const packages: string[] = [];
        for (let index = 0; index < burst; index++) {
          packages.push(await writer.pack(createText(`${life}.${index}`), bob));
        }
        const hears = hearPromises(writer, packages, life);
        for (const [index, text] of packages.entries()) {
          sent.push(`${life}.${index}`);
          writer.line.send(text);
        }
        const moment = 1 + Math.floor(random() * burst * 0.8);
        for (let heard = 0; heard < moment; heard++) promised.add(await hears());
        const killed = station.kill();
        // what was on its way to him when the station died was promised, too
        for (;;) {
          const name = await hears().catch(() => undefined);
          if (name === undefined) break;
          promised.add(name);
        }
        await killed;
        await station.start();
      }
      const b = await Client.connect(bob, { url: station.url });
      const end = await Client.connect(alice, { url: station.url, knows: [bob] });
      await end.send('the end', bob);
      await until(() => b.texts.includes('the end'));
      const texts = b.texts.slice(0, -1);
      expect([...promised].filter(name => !texts.includes(name))).toEqual([]);
      // in the order in which they were sent, and each once
      expect(texts).toEqual(sent.filter(name => texts.includes(name)));
      expect(b.duplicates).toBe(0);
      expect(promised.size).toBeGreaterThanOrEqual(lives);
    },
    3_600_000,
  );
});

/** Nobody is to be slowed down here. */
const generous = { limits: { messagesPerSecond: 1_000_000, bytesPerSecond: 1_000_000_000 } };

/** Gives the name of the next message that the station has promised to keep. */
function hearPromises(writer: Raw, packages: readonly string[], life: number): () => Promise<string> {
  const names = new Map(
    packages.map((text, index) => [
      String(parseJsonObject(text, 'Package')['signature']),
      `${life}.${index}`,
    ]),
  );
  return async () => {
    const text = await writer.nextLine();
    const named = text.startsWith('ACK:')
      ? parseJsonObject(text.slice(4), 'ACK')
      : ((await writer.open(text)) as ReceiptCommand).extra;
    const name = names.get(String(named['signature']));
    if (name === undefined) throw new Error(`expected an answer to a message of mine, got ${text}`);
    return name;
  };
}
