import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { forAllTests } from './kit/after-test.js';
import { Client } from './kit/client.js';
import { Network } from './kit/network.js';
import { countOf, numbers, seed } from './kit/random.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

// NETWORK_MESSAGES=5000 FAULT_SEED=42 npm test
const count = countOf('NETWORK_MESSAGES', 300);
const title = `(${count} messages each way, FAULT_SEED=${seed})`;
const texts = Array.from({ length: count }, (_, index) => `${index}`);

let station: Station;
let alice: Account;
let bob: Account;

beforeAll(async () => {
  // a connection of which nothing comes any more is given up by the station, too
  station = await forAllTests(() => Station.start({ limits: { silenceSeconds: 3 } }));
});

beforeEach(async () => {
  [alice, bob] = [await newAccount('alice'), await newAccount('bob')];
});

describe(`over a network that is bad ${title}`, () => {
  it('everything comes once and in order: delays, repetitions, and cuts in the middle of packages', async () => {
    const weather = (name: string): Network['weather'] => {
      const random = numbers(name);
      return {
        delay: () => (random() < 0.05 ? random() * 20 : 0),
        repeats: () => random() < 0.1,
        cuts: () => random() < 0.01,
      };
    };
    const [near, far] = [await Network.before(station), await Network.before(station)];
    const a = await Client.connect(alice, { url: near.url, knows: [bob] });
    const b = await Client.connect(bob, { url: far.url, knows: [alice] });
    near.weather = weather('near');
    far.weather = weather('far');
    for (const text of texts) {
      void a.send(text, bob);
      void b.send(text, alice);
    }
    await Promise.all([until(() => b.heard.length >= count, 120), until(() => a.heard.length >= count, 120)]);
    [near.weather, far.weather] = [{}, {}];
    await until(async () => (await station.status()).stored.messages === 0, 60);
    expect(b.texts).toEqual(texts);
    expect(a.texts).toEqual(texts);
    expect([a.rejected, b.rejected]).toEqual([[], []]);
    // the weather was as it was said to be
    expect(near.cutCount + far.cutCount).toBeGreaterThan(0);
    expect(near.repeated + far.repeated).toBeGreaterThan(0);
    expect(a.duplicates + b.duplicates).toBeGreaterThan(0);
  }, 300_000);

  it('that lets nobody through now and then, whoever waits comes back by himself', async () => {
    const network = await Network.before(station);
    const a = await Client.connect(alice, { url: network.url, knows: [bob] });
    network.refuse(true);
    network.cut();
    await a.reaches('waiting');
    expect(await a.send('later', bob)).toMatchObject({ kind: 'queued' });
    network.refuse(false);
    await until(() => a.states.includes('sent 1'));
    expect((await (await Client.connect(bob, { url: station.url })).hears(1)).at(-1)).toBe('later');
  });
});

describe('a connection that is half open', () => {
  it('is noticed within two heartbeats by the client, and by the station in its time', async () => {
    const heartbeatSeconds = 0.5;
    const network = await Network.before(station);
    const a = await Client.connect(alice, { url: network.url, knows: [bob], heartbeatSeconds });
    const b = await Client.connect(bob, { url: station.url, knows: [alice] });
    await a.send('before', bob);
    await until(() => b.texts.includes('before'));
    // those of the tests before may not have gone yet
    await until(async () => (await station.status()).sessions === 2);
    network.stall();
    const sent = a.send('into the void', bob);
    await a.reaches('waiting');
    expect(a.losses.at(-1)).toContain(`nothing came for ${2 * heartbeatSeconds} seconds`);
    expect((await sent).kind).toBe('queued');
    await until(() => b.texts.includes('into the void'));
    // the old session is replaced or has been given up; there is none that nobody sits at
    await until(async () => (await station.status()).sessions === 2);
    await b.send('back', alice);
    await until(() => a.texts.includes('back'));
    expect(a.texts.filter(text => text === 'back')).toEqual(['back']);
  });

  it('is given up by the station when the client never comes back', async () => {
    const network = await Network.before(station);
    await Client.connect(alice, { url: network.url });
    await until(async () => (await station.status()).sessions === 1);
    network.refuse(true);
    network.stall();
    await until(async () => (await station.status()).connections === 0);
    expect((await station.status()).sessions).toBe(0);
  });
});
