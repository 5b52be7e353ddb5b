import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { forAllTests } from './kit/after-test.js';
import { Client } from './kit/client.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

const messagesPerUser = 3;
let station: Station;

beforeAll(async () => {
  const retention = { days: 30, messagesPerUser, bytesPerUser: 1_000_000, totalBytes: 10_000_000 };
  station = await forAllTests(() => Station.start({ retention }));
});

describe('a mailbox that is full', () => {
  it('keeps nothing from others that the same sender writes to', async () => {
    const [alice, bob, carol] = (await Promise.all(['alice', 'bob', 'carol'].map(newAccount))) as [
      Account,
      Account,
      Account,
    ];
    const a = await Client.connect(alice, { url: station.url, knows: [bob, carol] });
    const c = await Client.connect(carol, { url: station.url });
    for (let number = 0; number < messagesPerUser; number++) {
      expect(await a.send(`${number}`, bob)).toMatchObject({ kind: 'sent' });
    }
    expect(await a.send('too much', bob)).toMatchObject({
      kind: 'failed',
      error: { code: 'ERR_STATION_RECEIVER_FULL' },
    });
    expect(await a.send('hi carol', carol)).toMatchObject({ kind: 'sent' });
    expect(await c.hears(1)).toEqual(['hi carol']);

    const b = await Client.connect(bob, { url: station.url });
    expect(await b.hears(messagesPerUser)).toEqual(['0', '1', '2']);
    await until(async () => (await station.status()).stored.messages === 0);
    expect(await a.send('once more', bob)).toMatchObject({ kind: 'sent' });
    expect(await b.hears(messagesPerUser + 1)).toEqual(['0', '1', '2', 'once more']);
  });
});
