// Clients of generation 1 at our station: they know of no acknowledgements, and of none of our extra members.
import { createMetaCommand, createText, formatContent } from '@dimp/dkd';
import { createLogin, createReport, type ReceiptCommand } from '@dimp/sdk';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { forAllTests } from './kit/after-test.js';
import { Client } from './kit/client.js';
import { type Line, Raw, textLine, webLine } from './kit/raw.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

let station: Station;

beforeAll(async () => {
  station = await forAllTests(() => Station.start());
});

const framings: readonly (readonly [string, () => Promise<Line>])[] = [
  ['raw JSON lines', () => textLine(station.port)],
  ['WebSocket', () => webLine(station.url)],
];

describe.each(framings)('a client of generation 1 by %s', (_, connect) => {
  let alice: Account;
  let bob: Account;

  beforeAll(async () => {
    [alice, bob] = [await newAccount('alice'), await newAccount('bob')];
  });

  it('logs in, hears receipts, and talks with a client of ours both ways', async () => {
    const old = await Raw.create(alice, await connect(), station, [bob]);
    const success = await old.logIn();
    expect([success.message, success.extra['ack']]).toEqual(['DIM!', undefined]);

    const first = await old.send(createText('are you there?'), bob);
    expect(formatContent(await old.next(), old.facebook.protocol)).toMatchObject({
      type: 136,
      command: 'receipt',
      message: 'Message cached',
      signature: first,
      sender: alice.id,
      receiver: bob.id,
      time: expect.any(Number),
    });

    const b = await Client.connect(bob, { url: station.url, knows: [alice] });
    expect(await b.hears(1)).toEqual(['are you there?']);
    await old.send(createText('now?'), bob);
    expect(((await old.next()) as ReceiptCommand).message).toBe('Message delivering');
    expect(await b.hears(2)).toEqual(['are you there?', 'now?']);

    await b.send('now I am', alice);
    expect(await old.next()).toMatchObject({ kind: 'text', text: 'now I am' });
    // what went out to who never acknowledges is done
    await until(async () => (await station.status()).stored.messages === 0);
  });

  it('gets what was kept for it, oldest first, and never an acknowledgement', async () => {
    const b = await Client.connect(bob, { url: station.url, knows: [alice] });
    for (let number = 0; number < 70; number++) await b.send(`${number}`, alice);
    const old = await Raw.create(alice, await connect(), station, [bob]);
    await old.logIn();
    const texts: string[] = [];
    while (texts.length < 70) {
      const content = await old.next();
      if (content.kind === 'text') texts.push((content as { readonly text?: string }).text ?? '');
    }
    expect(texts).toEqual(Array.from({ length: 70 }, (_, number) => `${number}`));
    expect(old.line.heard.filter(text => text.startsWith('ACK:'))).toEqual([]);
  });

  it('asks and reports in the words that it knows', async () => {
    const old = await Raw.create(alice, await connect(), station, [bob]);
    await old.logIn();
    await old.send(createMetaCommand(old.id));
    expect(await old.next()).toMatchObject({ kind: 'meta-command', id: { text: alice.id } });
    await old.send(createReport('offline'));
    expect(await old.next()).toMatchObject({ message: 'Client offline received' });
    await old.send(createReport('online'));
    expect(await old.next()).toMatchObject({ message: 'Client online received' });
    await old.send(createLogin(old.id, { time: old.facebook.clock() }), { id: 'everyone@everywhere' });
    const answers = [await old.next(), await old.next()] as ReceiptCommand[];
    expect(answers.map(({ message }) => message).sort()).toEqual(['Login received', 'Message delivering']);
  });

  it('is told why a message is refused by a receipt that it can show', async () => {
    const old = await Raw.create(alice, await connect(), station, [bob]);
    await old.logIn();
    await old.send(createText('hello?'), { id: 'nobody@anywhere' });
    expect(formatContent(await old.next(), old.facebook.protocol)).toMatchObject({
      command: 'receipt',
      message: expect.stringMatching(/\w/),
      code: 'ERR_STATION_UNKNOWN_RECEIVER',
      receiver: 'nobody@anywhere',
    });
  });
});

describe('raw JSON lines', () => {
  it('may come in any pieces, several at once, and with blank lines as a heartbeat', async () => {
    const [alice, bob] = [await newAccount('alice'), await newAccount('bob')];
    const line = await textLine(station.port);
    const old = await Raw.create(alice, line, station, [bob]);
    await old.logIn();
    const before = line.heard.length;
    line.send('');
    await until(() => line.heard.length > before);
    expect(line.heard.slice(before)).toEqual(['']);
    const packages = [await old.pack(createText('one'), bob), await old.pack(createText('two'), bob)];
    line.send(packages.join('\n'));
    const b = await Client.connect(bob, { url: station.url });
    expect(await b.hears(2)).toEqual(['one', 'two']);
    const receipts = [await old.next(), await old.next()] as ReceiptCommand[];
    expect(receipts.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Message (cached|delivering)$/),
      expect.stringMatching(/^Message (cached|delivering)$/),
    ]);
  });
});
