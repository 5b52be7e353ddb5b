import { join } from 'node:path';
import type { TextContent } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { openStore, type Store } from '@dimp/store';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { Child } from './kit/child.js';
import { Client } from './kit/client.js';
import { newFolder } from './kit/folder.js';
import { countOf, numbers, seed } from './kit/random.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

// FAULT_ROUNDS=200 FAULT_SEED=42 npm test: how often the reader is killed, and at which moments
const rounds = countOf('FAULT_ROUNDS', 12);
/** Messages that are written in each of his lives. */
const burst = 60;
const title = `(${rounds} kills, FAULT_SEED=${seed})`;

let alice: Account;
let carol: Account;
let bob: Account;

beforeAll(async () => {
  [alice, carol, bob] = [await newAccount('alice'), await newAccount('carol'), await newAccount('bob')];
});

describe(`a client with a store on disk that is killed while it reads ${title}`, () => {
  it('has everything once and in order when it comes back', async () => {
    const random = numbers('reader');
    const station = await Station.start();
    const { url } = station;
    const writers = [
      await Client.connect(alice, { url, knows: [bob] }),
      await Client.connect(carol, { url, knows: [bob] }),
    ];
    const location = join(await newFolder(), 'store');
    const job = { url, account: bob, knows: [alice, carol], location };
    const told: string[] = [];
    let written = 0;
    const write = async (): Promise<void> => {
      for (let index = 0; index < burst; index++, written++) {
        const sent = await Promise.all(writers.map(writer => writer.send(`${written}`, bob)));
        expect(sent.map(({ kind }) => kind)).toEqual(['sent', 'sent']);
      }
    };
    for (let round = 0; round < rounds; round++) {
      const reader = new Child('reader', job);
      const writing = write();
      // mostly while he reads, sometimes while he starts or logs in
      const chance = random();
      const enough = Math.floor(random() * burst);
      if (chance < 0.15) await new Promise(resolve => setTimeout(resolve, random() * 300));
      else if (chance < 0.3) await reader.said(lines => lines.some(({ isReady }) => isReady === true));
      else await reader.said(lines => lines.filter(({ text }) => text !== undefined).length > enough);
      await reader.kill();
      told.push(...saidBy(reader));
      await writing;
    }
    const last = new Child('reader', job);
    await until(async () => (await station.status()).stored.messages === 0, 120);
    expect(await last.stop()).toEqual({ code: 0, signal: null });
    told.push(...saidBy(last));

    // the application may not have heard what came to disk in the last moment, but nothing twice
    expect(new Set(told).size).toBe(told.length);
    const store = await openStore({ location });
    for (const { id } of writers) {
      const kept = await textsIn(store, { user: bob.id, peer: id.text });
      expect(kept).toEqual(Array.from({ length: written }, (_, index) => `${index}`));
    }
    await store.close();
  }, 3_600_000);
});

/** What a reader told of messages; and that nothing else happened to him. */
function saidBy({ lines, errors }: Child): readonly string[] {
  expect([lines.filter(({ rejected }) => rejected !== undefined), errors]).toEqual([[], '']);
  return lines.filter(({ text }) => text !== undefined).map(({ from, text }) => `${from} ${text}`);
}

/** What is kept of a conversation, oldest first. */
async function textsIn(
  { conversations, protocol }: Store,
  { user, peer }: { readonly user: string; readonly peer: string },
): Promise<readonly string[]> {
  const conversation = { user: parseID(user, protocol), peer: parseID(peer, protocol) };
  const texts: string[] = [];
  for (let after = 0; ; ) {
    const page = await conversations.list(conversation, { after, limit: 500 });
    texts.push(...page.map(({ message }) => (message.content as TextContent).text));
    const next = page.at(-1)?.number;
    if (next === undefined) return texts;
    after = next;
  }
}
