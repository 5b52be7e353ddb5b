import {
  type Content,
  createMetaCommand,
  createProfileCommand,
  createProfileQuery,
  createText,
  isCommand,
  type TextContent,
} from '@dimp/dkd';
import type { Profile } from '@dimp/mkm';
import {
  createContactList,
  createSearch,
  createUsersQuery,
  foundUsers,
  GroupManager,
  type ReceiptCommand,
  type SearchCommand,
  updateProfile,
} from '@dimp/sdk';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Account, newAccount } from './kit/account.js';
import { forAllTests } from './kit/after-test.js';
import { Client, type ClientOptions } from './kit/client.js';
import { Network } from './kit/network.js';
import { Station } from './kit/station.js';
import { until } from './kit/until.js';

let station: Station;
let neighbour: Account;

beforeAll(async () => {
  neighbour = await newAccount('neighbour');
  station = await forAllTests(() => Station.start({ neighbours: [neighbour.id] }));
});

/** People who were never here. */
function newAccounts(...names: readonly string[]): Promise<Account[]> {
  return Promise.all(names.map(newAccount));
}

function connect(account: Account, options: Partial<ClientOptions> = {}): Promise<Client> {
  return Client.connect(account, { url: station.url, ...options });
}

const isText = (content: Content): content is TextContent => content.kind === 'text';
const isSearch = (content: Content): content is SearchCommand =>
  content.kind === 'search-command' || content.kind === 'users-command';
// every login is answered by one, too, after the connection is ready
const isReceipt = (content: Content): content is ReceiptCommand =>
  content.kind === 'receipt-command' && (content as ReceiptCommand).message !== 'Login received';
const isCommandNamed =
  (name: string) =>
  (content: Content): content is Content =>
    isCommand(content) && content.command === name;

/** Each test leaves the station so: what a client has not acknowledged when it goes is kept, and counts in the next. */
async function nothingIsKept(): Promise<void> {
  await until(async () => (await station.status()).stored.messages === 0);
}

describe('two clients and a station', () => {
  it('need the URL and nothing else to talk', async () => {
    const [alice, bob] = (await newAccounts('alice', 'bob')) as [Account, Account];
    const a = await connect(alice, { knows: [bob] });
    const b = await connect(bob);
    expect(a.ready).toMatchObject({ isAcknowledged: true, station: { text: station.id } });
    expect(await a.send('hello', bob)).toMatchObject({ kind: 'sent' });
    expect(await b.hears(1)).toEqual(['hello']);
    await b.send('hi', alice);
    expect(await a.hears(1)).toEqual(['hi']);
    expect(a.heard[0]?.labels).toMatchObject({ bound: true, encryption: { algorithm: 'AES' } });
    await nothingIsKept();
  });

  it('ask the station who wrote, when the first message with his meta went to another device', async () => {
    const [alice, bob] = (await newAccounts('alice', 'bob')) as [Account, Account];
    const a = await connect(alice, { knows: [bob] });
    const phone = await connect(bob, { device: 'phone' });
    await a.send('first', bob);
    await phone.hears(1);
    await nothingIsKept();
    const tablet = await connect(bob, { device: 'tablet' });
    await a.send('second', bob);
    expect(await tablet.hears(1)).toEqual(['second']);
    expect(await phone.hears(2)).toEqual(['first', 'second']);
    expect(tablet.receipts).toEqual([]);
    await nothingIsKept();
  });

  it('need not be there at the same time, even if one was never heard of', async () => {
    const [alice, bob] = (await newAccounts('alice', 'bob')) as [Account, Account];
    const a = await connect(alice, { knows: [bob] });
    const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
    const sent = await Promise.all(texts.map(text => a.send(text, bob)));
    expect(sent.map(({ kind }) => kind)).toEqual(texts.map(() => 'sent'));
    await a.close();
    expect((await station.status()).stored.messages).toBe(200);
    const b = await connect(bob);
    expect(await b.hears(200)).toEqual(texts);
    await nothingIsKept();
    expect([b.duplicates, b.rejected]).toEqual([0, []]);
  });

  it('have what was said when the station was stopped and started in between', async () => {
    const own = await Station.start();
    const [alice, bob] = (await newAccounts('alice', 'bob')) as [Account, Account];
    const a = await connect(alice, { url: own.url, knows: [bob] });
    await a.send('before', bob);
    await own.stop();
    await a.reaches('waiting');
    expect(await a.send('meanwhile', bob)).toMatchObject({ kind: 'queued' });
    await own.start();
    const b = await connect(bob, { url: own.url });
    expect(await b.hears(2)).toEqual(['before', 'meanwhile']);
    // the receiver may hear it before its sender reads that the station has it
    await until(() => a.states.length >= 2);
    expect(a.states).toEqual(['sent 1', 'sent 2']);
  });

  it('find each other by the station', async () => {
    const [alice, bob] = (await newAccounts('alice', 'bob-the-builder')) as [Account, Account];
    const [a, b] = [await connect(alice), await connect(bob)];
    const found = await a.ask(createSearch('builder'), station, isSearch);
    const [{ id, meta } = { id: a.id, meta: undefined }] = foundUsers(found, a.facebook.protocol);
    expect(id.text).toBe(bob.id);
    expect(meta !== undefined && (await a.facebook.saveMeta(meta, id))).toBe(true);
    await a.send('found you', bob);
    expect(await b.hears(1)).toEqual(['found you']);
    await nothingIsKept();
    const online = await a.ask(createUsersQuery(), station, isSearch);
    expect(online.users?.map(({ text }) => text)).toEqual(expect.arrayContaining([alice.id, bob.id]));
  });

  it('learn metas and profiles from the station, and what waited for one goes on', async () => {
    const [alice, bob, nobody] = (await newAccounts('alice', 'bob', 'nobody')) as [Account, Account, Account];
    const [a, b] = [await connect(alice), await connect(bob)];
    expect(await a.send('when I know you', bob)).toMatchObject({ kind: 'suspended' });
    await a.ask(createMetaCommand(b.id), station, isCommandNamed('meta'));
    expect(await b.hears(1)).toEqual(['when I know you']);

    await updateProfile(b.facebook, b.id, { name: 'Bob' });
    const told = createProfileCommand(b.id, (await b.facebook.loadProfile(b.id)) as Profile);
    expect((await b.ask(told, station, isReceipt)).message).toBe(`Profile received: ${bob.id}`);
    await a.ask(createProfileQuery(b.id), station, isCommandNamed('profile'));
    expect((await a.facebook.loadProfile(b.id))?.properties['name']).toBe('Bob');

    const unknown = await a.ask(createMetaCommand(a.facebook.parseID(nobody.id)), station, isText);
    expect(unknown.text).toBe(`Sorry, meta for ${nobody.id} not found.`);
    await nothingIsKept();
  });

  it('stay apart when one blocks the other', async () => {
    const [alice, bob] = (await newAccounts('alice', 'bob')) as [Account, Account];
    const [a, b] = [await connect(alice, { knows: [bob] }), await connect(bob)];
    const receipt = await b.ask(createContactList('block', [a.id]), station, isReceipt);
    expect(receipt.message).toBe(`Block command of ${bob.id} received!`);
    expect(await a.send('please', bob)).toMatchObject({
      kind: 'failed',
      error: { code: 'ERR_STATION_BLOCKED', isFinal: true },
    });
    await b.ask(createContactList('block', []), station, isReceipt);
    await a.send('thank you', bob);
    expect(await b.hears(1)).toEqual(['thank you']);
    await nothingIsKept();
  });

  it('go on with their session after a cut, by a single message', async () => {
    const [alice, bob] = (await newAccounts('alice', 'bob')) as [Account, Account];
    const network = await Network.before(station);
    const a = await connect(alice, { url: network.url, knows: [bob] });
    const handshakes = (): number =>
      network.said.filter(({ by, text }) => by === 'client' && /"receiver":"station@/.test(text)).length;
    expect(handshakes()).toBe(2);
    network.cut();
    await a.reaches('waiting');
    await a.reaches('ready');
    expect(handshakes()).toBe(3);
    await a.send('again', bob);
    expect(await (await connect(bob)).hears(1)).toEqual(['again']);
    await nothingIsKept();
  });
});

describe('the devices of one user', () => {
  it('get each message, those that come later what is still kept', async () => {
    const [alice, bob] = (await newAccounts('alice', 'bob')) as [Account, Account];
    const a = await connect(alice, { knows: [bob] });
    const tablet = await connect(bob, { device: 'tablet' });
    await tablet.close();
    const phone = await connect(bob, { device: 'phone' });
    await a.send('to both', bob);
    expect(await phone.hears(1)).toEqual(['to both']);
    const laptop = await connect(bob, { device: 'laptop' });
    expect(await laptop.hears(1)).toEqual(['to both']);
    await a.send('to all', bob);
    await Promise.all([phone.hears(2), laptop.hears(2)]);
    expect((await station.status()).stored.messages).toBe(2);
    const later = await connect(bob, { device: 'tablet', knows: [alice] });
    expect(await later.hears(2)).toEqual(['to both', 'to all']);
    await nothingIsKept();
    const last = await connect(bob, { device: 'watch', knows: [alice] });
    await a.send('from here on', bob);
    expect(await last.hears(1)).toEqual(['from here on']);
    await nothingIsKept();
  });
});

describe('a group', () => {
  it('is written to once, and each member has it, the one who comes later too', async () => {
    const [alice, bob, carol] = (await newAccounts('alice', 'bob', 'carol')) as [Account, Account, Account];
    const a = await connect(alice, { knows: [bob, carol] });
    const b = await connect(bob, { knows: [alice, carol] });
    const manager = new GroupManager(a.messenger, a.id);
    const parse = a.facebook.parseID.bind(a.facebook);
    const { group } = await manager.create({ name: 'tea', members: [parse(bob.id), parse(carol.id)] });
    expect(await a.send(createText('at five', { group }), { id: group.text })).toMatchObject({
      kind: 'sent',
    });
    expect(await b.hears(1)).toEqual(['at five']);
    expect(b.heard[0]).toMatchObject({ group: { text: group.text }, sender: { text: alice.id } });
    const c = await connect(carol, { knows: [alice, bob] });
    expect(await c.hears(1)).toEqual(['at five']);
    await b.send(createText('I bring cake', { group: b.facebook.parseID(group.text) }), { id: group.text });
    expect(await c.hears(2)).toEqual(['at five', 'I bring cake']);
    // stations give a sender his own part, too, as he may have other devices
    await until(() => a.texts.includes('I bring cake'));
    expect(a.heard.map(({ sender }) => sender.text)).toEqual(expect.arrayContaining([bob.id]));
    await nothingIsKept();
  });
});

describe('a broadcast', () => {
  it('goes to the stations that are neighbours, in the open and signed', async () => {
    const alice = await newAccount('alice');
    const next = await connect(neighbour, { knows: [alice] });
    const a = await connect(alice);
    await a.send('is anybody there?', { id: 'everyone@everywhere' });
    await until(() => next.texts.includes('is anybody there?'));
    const heard = next.heard.find(({ content }) => (content as TextContent).text === 'is anybody there?');
    expect(heard).toMatchObject({ sender: { text: alice.id } });
    expect(heard?.labels.encryption).toBeUndefined();
    expect(await a.send('is he?', { id: 'somebody@anywhere' })).toMatchObject({
      kind: 'failed',
      error: { code: 'ERR_STATION_UNKNOWN_RECEIVER' },
    });
  });
});
