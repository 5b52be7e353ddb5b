import { type JsonObject, parsePrivateKey } from '@dimp/crypto';
import { ecc } from '@dimp/crypto/ecc';
import {
  type Content,
  createMetaCommand,
  createProfileCommand,
  createProfileQuery,
  createText,
  type ForwardContent,
  parseContent,
} from '@dimp/dkd';
import {
  createProfile,
  formatMeta,
  formatProfile,
  type ID,
  parseMeta,
  signProfile,
  withProperty,
} from '@dimp/mkm';
import {
  createContactList,
  createHandshake,
  createLogin,
  createReceipt,
  createReport,
  createSearch,
  createSearchAnswer,
  createStorage,
  createUsersQuery,
  Facebook,
  registerUser,
  type UserKeys,
} from '@dimp/sdk';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { StorageError } from '../src/errors.js';
import { newDesk, now, stranger, type TestDesk } from './desk-kit.js';

let desk: TestDesk;
let hulk: ID;
let moki: ID;

beforeEach(async () => {
  desk = await newDesk();
  ({ hulk, moki } = desk);
});

const text = (words: string) => [{ type: 1, text: words }];
const receipt = (words: string) => [{ type: 136, command: 'receipt', message: words }];
// it names the message, so that a client knows it for the answer to its own
const loginReceived = [
  expect.objectContaining({ command: 'receipt', message: 'Login received', signature: expect.any(String) }),
];
const refused = (code: string) => [expect.objectContaining({ command: 'receipt', code })];
const command = (members: JsonObject): Content =>
  parseContent({ type: 136, sn: 1, ...members }, desk.facebook.protocol);

describe('meta', () => {
  it('is given', async () => {
    const meta = await desk.facebook.loadMeta(moki);
    expect(await desk.hear(createMetaCommand(moki))).toEqual([
      { type: 136, command: 'meta', ID: moki.text, meta: meta && formatMeta(meta) },
    ]);
  });

  it('is not given when it is not here', async () => {
    const who = stranger(1);
    expect(await desk.hear(createMetaCommand(who))).toEqual(text(`Sorry, meta for ${who.text} not found.`));
  });

  it('is taken when it fits', async () => {
    const other = new Facebook();
    const user = await registerUser(other, { name: 'jane', bits: 1024 });
    const meta = await user.meta();
    expect(await desk.hear(createMetaCommand(user.id, meta))).toEqual(
      receipt(`Meta received: ${user.id.text}`),
    );
    expect((await desk.facebook.loadMeta(user.id))?.json).toEqual(meta.json);
    expect(await desk.hear(createMetaCommand(stranger(1), meta))).toEqual(
      text(`Meta not match ID: ${stranger(1).text}`),
    );
  });

  it('is not taken when it cannot be read', async () => {
    expect(await desk.hear(command({ command: 'meta', ID: hulk.text, meta: { version: 1 } }))).toEqual(
      text(`Meta not match ID: ${hulk.text}`),
    );
  });

  it('of whoever is not named is none', async () => {
    expect(await desk.hear(command({ command: 'meta' }))).toEqual([]);
  });

  it('is not taken when that of its twin, with another key, is kept', async () => {
    const { protocol } = desk.facebook;
    // portable, so that its signature of the name is the same in every run
    const privateKey = parsePrivateKey(
      { algorithm: 'ECC', data: '6f2ea7fe49b27ca7eb12d91a2e087e182d4a7e71a511c58ebabac961f9693a1d' },
      { asymmetric: protocol.asymmetric.replace(ecc) },
    );
    const user = await registerUser(new Facebook(), { name: 'victim', privateKey, bits: 1024 });
    const meta = await user.meta();
    const data =
      '0418d3d878a8c83c9330a832cad743171ce9bdfb74cf6ef40ecf9ec59fb7e46838' +
      '4f65f856a96527c968221aa0d962771aa9124f4584808eaa35032b58ff638974';
    const twin = parseMeta({ ...formatMeta(meta), key: { algorithm: 'ECC', data } }, protocol);
    expect(await desk.hear(createMetaCommand(user.id, twin))).toEqual(
      receipt(`Meta received: ${user.id.text}`),
    );
    expect(await desk.facebook.saveMeta(meta, user.id)).toBe(true);
    expect(await desk.hear(createMetaCommand(user.id, twin))).toEqual(
      text(`Meta not accept: ${user.id.text}!`),
    );
  });
});

describe('profile', () => {
  it('is given with meta, and where its user logged in', async () => {
    const login = createLogin(moki, { time: now, agent: 'test' });
    expect(await desk.hear(login, { sender: moki })).toEqual(loginReceived);
    const [answer, forward] = await desk.hear(createProfileQuery(moki));
    const profile = await desk.facebook.loadProfile(moki);
    expect(answer).toMatchObject({ command: 'profile', ID: moki.text, profile: profile?.data });
    expect(answer).toHaveProperty('meta');
    const kept = await desk.users.load(moki, 'login');
    expect(forward).toEqual({ type: 255, forward: kept });
    expect(kept).toMatchObject({ sender: moki.text });
  });

  it('is given alone for who never logged in', async () => {
    expect(await desk.hear(createProfileQuery(moki))).toHaveLength(1);
    expect(await desk.hear(createProfileQuery(stranger(2)))).toEqual(
      text(`Sorry, profile for ${stranger(2).text} not found.`),
    );
    expect(await desk.hear(command({ command: 'profile' }))).toEqual([]);
  });

  it('is taken in both layouts', async () => {
    const { user, facebook } = await somebody();
    const first = await sign(user.id, facebook, 1);
    const meta = await user.meta();
    const old = createProfileCommand(user.id, first, meta);
    expect(await desk.hear(old)).toEqual(receipt(`Profile received: ${user.id.text}`));
    expect(await desk.hear(old)).toEqual(receipt(`Profile received: ${user.id.text}`));
    const second = await sign(user.id, facebook, 2);
    const offer = command({ command: 'profile', ID: user.id.text, profile: formatProfile(second) });
    expect(await desk.hear(offer)).toEqual(receipt(`Profile received: ${user.id.text}`));
    expect((await desk.facebook.loadProfile(user.id))?.data).toBe(second.data);
  });

  it('that is older than the one here is not taken', async () => {
    const { user, facebook } = await somebody();
    const [older, newer] = [await sign(user.id, facebook, 1), await sign(user.id, facebook, 2)];
    await desk.ask(createProfileCommand(user.id, newer, await user.meta()));
    expect(await desk.hear(createProfileCommand(user.id, older))).toEqual(
      text(`Profile not accept: ${user.id.text}!`),
    );
    expect((await desk.facebook.loadProfile(user.id))?.data).toBe(newer.data);
  });

  it('that does not say since when it is replaces another one for its user only', async () => {
    const keys = await desk.facebook.loadUserKeys(hulk);
    const signed = (name: string) => signProfile(createProfile(hulk, { name }), (keys as UserKeys).metaKey);
    const before = await signed('before');
    await desk.facebook.saveProfile(await signed('now'), hulk);
    const offer = createProfileCommand(hulk, before);
    const nameHere = async () => (await desk.facebook.loadProfile(hulk))?.properties['name'];
    expect(await desk.hear(offer, { sender: moki })).toEqual(text(`Profile not accept: ${hulk.text}!`));
    expect(await nameHere()).toBe('now');
    expect(await desk.hear(offer, { sender: hulk })).toEqual(receipt(`Profile received: ${hulk.text}`));
    expect(await nameHere()).toBe('before');
  });

  it('that its user did not sign is not taken', async () => {
    const { user, facebook } = await somebody();
    const profile = await sign(user.id, facebook, 1);
    const offers = [
      createProfileCommand(user.id, profile),
      createProfileCommand(hulk, profile),
      command({ command: 'profile', ID: hulk.text, profile: {} }),
      command({ command: 'profile', ID: hulk.text, profile: 'x' }),
    ];
    const ids = [user.id, hulk, hulk, hulk];
    for (const [index, offer] of offers.entries()) {
      expect(await desk.hear(offer)).toEqual(text(`Profile not match ID: ${ids[index]?.text}`));
    }
    expect(await desk.hear(createProfileCommand(hulk, profile, await user.meta()))).toEqual(
      text(`Meta not match ID: ${hulk.text}`),
    );
  });

  async function somebody() {
    const facebook = new Facebook();
    return {
      facebook,
      user: await registerUser(facebook, { name: 'jane', bits: 1024, profile: { name: 'J' } }),
    };
  }

  async function sign(id: ID, facebook: Facebook, time: number) {
    const profile = await facebook.loadProfile(id);
    const keys = await facebook.loadUserKeys(id);
    if (profile === undefined || keys === undefined) throw new Error('expected a local user with a profile');
    return signProfile(withProperty(profile, 'time', time), keys.metaKey);
  }
});

describe('search', () => {
  it('gives users and their metas', async () => {
    await desk.users.add(hulk);
    await desk.users.add(stranger(3));
    const [answer] = await desk.hear(createSearch('HULK'));
    expect(answer).toEqual({
      type: 136,
      command: 'search',
      keywords: 'HULK',
      users: [hulk.text],
      results: { [hulk.text]: expect.objectContaining({ version: 1 }) },
    });
    expect(await desk.hear(createSearch('stranger3'))).toMatchObject([
      { users: [stranger(3).text], results: {} },
    ]);
  });

  it('turns pages', async () => {
    for (let number = 0; number < 30; number++) await desk.users.add(stranger(number));
    const found = async (start?: number, limit?: number) => {
      const page = { ...(start !== undefined && { start }), ...(limit !== undefined && { limit }) };
      const [answer] = await desk.hear(createSearch('stranger', page));
      return answer?.['users'] as string[];
    };
    const [first, second] = [await found(), await found(20)];
    expect([first.length, second.length]).toEqual([20, 10]);
    expect(new Set([...first, ...second]).size).toBe(30);
    expect(await found(0, 5)).toEqual(first.slice(0, 5));
    expect(await found(-5, -5)).toEqual([]);
    expect(await found(0, Number.MAX_SAFE_INTEGER)).toHaveLength(30);
  });

  it('without words finds nobody', async () => {
    await desk.users.add(hulk);
    for (const question of [createSearch('  '), command({ command: 'search' })]) {
      expect(await desk.hear(question)).toMatchObject([{ users: [], results: {} }]);
    }
  });

  it('that is an answer has none', async () => {
    const answer = createSearchAnswer(createSearch('x'), [{ id: hulk }]);
    expect(await desk.hear(answer)).toEqual([]);
    expect(await desk.hear(createSearchAnswer(createUsersQuery(), []))).toEqual([]);
  });
});

describe('users', () => {
  it('are twenty of those who are here, others each time', async () => {
    expect(await desk.hear(createUsersQuery())).toEqual([
      { type: 136, command: 'users', users: [], results: {} },
    ]);
    desk.online.push(hulk, ...Array.from({ length: 200 }, (_, number) => stranger(number)));
    const rounds: string[][] = [];
    for (let round = 0; round < 3; round++) {
      const [answer] = await desk.hear(createUsersQuery());
      rounds.push(answer?.['users'] as string[]);
    }
    for (const users of rounds) expect(new Set(users).size).toBe(20);
    expect(new Set(rounds.flat()).size).toBeGreaterThan(20);
    expect(desk.online).toHaveLength(201);
    expect(await desk.hear(createUsersQuery({ limit: 3 }))).toMatchObject([{ users: { length: 3 } }]);
  });
});

describe('login', () => {
  it('is kept as it came', async () => {
    const login = createLogin(hulk, { time: now, station: { ID: moki.text } });
    expect(await desk.hear(login)).toEqual(loginReceived);
    expect(await desk.hear(login)).toEqual(loginReceived);
    expect(await desk.users.load(hulk, 'login')).toMatchObject({
      sender: hulk.text,
      data: expect.any(String),
    });
  });

  it('that is older than the one here is ignored', async () => {
    await desk.ask(createLogin(hulk, { time: now, agent: 'new' }));
    const kept = await desk.users.load(hulk, 'login');
    expect(await desk.hear(createLogin(hulk, { time: now - 1, agent: 'old' }))).toEqual([]);
    expect(await desk.users.load(hulk, 'login')).toEqual(kept);
    expect(await desk.hear(createLogin(hulk, { time: now + 1 }))).toEqual(loginReceived);
    expect(await desk.users.load(hulk, 'login')).not.toEqual(kept);
  });

  it('of somebody else, or of another day, is ignored', async () => {
    expect(await desk.hear(createLogin(moki, { time: now }))).toEqual([]);
    expect(await desk.hear(createLogin(hulk, { time: now + 86_400 }))).toEqual([]);
    expect(await desk.users.load(hulk, 'login')).toBeUndefined();
    expect(await desk.users.load(moki, 'login')).toBeUndefined();
  });

  it('that nobody else could open is not kept', async () => {
    expect(await desk.hear(createLogin(hulk, { time: now }), { to: moki })).toEqual(loginReceived);
    expect(await desk.users.load(hulk, 'login')).toBeUndefined();
  });

  it('is kept from a neighbour, and not from who only repeats it', async () => {
    const login = createLogin(hulk, { time: now });
    expect(await desk.hear(login, { session: { user: moki } })).toEqual(refused('ERR_STATION_NOT_LOGGED_IN'));
    expect(await desk.users.load(hulk, 'login')).toBeUndefined();
    expect(await desk.hear(login, { session: { user: moki, isNeighbour: true } })).toEqual(loginReceived);
    expect(await desk.users.load(hulk, 'login')).toBeDefined();
  });
});

describe('report', () => {
  it.each([
    [{ command: 'report', title: 'online' }, 'Client online received', true],
    [{ command: 'report', title: 'offline' }, 'Client offline received', false],
    [{ command: 'online' }, 'Client online received', true],
    [{ command: 'broadcast', title: 'report', state: 'foreground' }, 'Client state received', true],
    [{ command: 'report', title: 'report', state: 'background' }, 'Client state received', false],
    [{ command: 'broadcast', title: 'online' }, 'Client state received', true],
  ])('%j', async (members, words, presence) => {
    expect(await desk.hear(command(members))).toEqual(receipt(words));
    expect(await desk.ask(command(members))).toMatchObject({ presence });
    const outside = await desk.ask(command(members), { session: { user: undefined } });
    expect(outside).not.toHaveProperty('presence');
  });

  it('of a token gets the default answer, as nothing is done with it', async () => {
    expect(await desk.hear(createReport('apns', { extra: { device_token: 'x' } }))).toEqual(
      text('Command (name: report) not support yet!'),
    );
  });
});

describe('contacts', () => {
  const kept = () => createStorage('contacts', { id: hulk, data: Uint8Array.of(1), key: Uint8Array.of(2) });

  it('come back as they were left', async () => {
    expect(await desk.hear(createStorage('contacts'))).toEqual(
      text(`Sorry, contacts of ${hulk.text} not found.`),
    );
    expect(await desk.hear(kept())).toEqual(receipt(`Contacts of ${hulk.text} received!`));
    const asked = [createStorage('contacts'), command({ command: 'storage', title: 'contacts' })];
    for (const question of asked) {
      expect(await desk.hear(question)).toEqual([
        { type: 136, command: 'contacts', data: 'AQ==', key: 'Ag==', ID: hulk.text },
      ]);
    }
    expect(await desk.hear(createStorage('contacts'), { sender: moki })).toEqual(
      text(`Sorry, contacts of ${moki.text} not found.`),
    );
  });

  it('may lie open, as in the oldest form', async () => {
    await desk.ask(command({ command: 'contacts', contacts: [moki.text] }));
    expect(await desk.hear(createStorage('contacts'))).toMatchObject([{ contacts: [moki.text] }]);
  });

  it('are those of who logged in only', async () => {
    for (const user of [undefined, moki]) {
      for (const content of [kept(), createStorage('contacts')]) {
        expect(await desk.hear(content, { session: { user } })).toEqual(refused('ERR_STATION_NOT_LOGGED_IN'));
      }
    }
    expect(await desk.hear(kept(), { session: { isNeighbour: true } })).toEqual(
      refused('ERR_STATION_NOT_LOGGED_IN'),
    );
    expect(await desk.users.load(hulk, 'contacts')).toBeUndefined();
  });

  it('have a size', async () => {
    const large = createStorage('contacts', { data: new Uint8Array(250_000) });
    expect(await desk.hear(large)).toEqual(refused('ERR_STATION_TOO_LARGE'));
    expect(await desk.users.load(hulk, 'contacts')).toBeUndefined();
  });

  it('are all that is stored', async () => {
    expect(await desk.hear(createStorage('private_key', { data: Uint8Array.of(1) }))).toEqual(
      text('Command (name: storage) not support yet!'),
    );
  });
});

describe.each([
  ['block', 'Block command'],
  ['mute', 'Mute command'],
] as const)('%s', (name, title) => {
  it('comes back as it was left', async () => {
    expect(await desk.hear(createContactList(name))).toEqual([{ type: 136, command: name, list: [] }]);
    const list = createContactList(name, [moki, stranger(1)]);
    expect(await desk.hear(list)).toEqual(receipt(`${title} of ${hulk.text} received!`));
    expect(await desk.hear(createContactList(name))).toEqual([
      { type: 136, command: name, list: [moki.text, stranger(1).text] },
    ]);
    expect(await desk.users.isBlocked(hulk, moki)).toBe(name === 'block');
    expect(await desk.hear(createContactList(name), { sender: moki })).toMatchObject([{ list: [] }]);
  });

  it('is left by who logged in only', async () => {
    expect(await desk.hear(createContactList(name, [moki]), { session: { user: undefined } })).toEqual(
      refused('ERR_STATION_NOT_LOGGED_IN'),
    );
    expect(await desk.users.load(hulk, name)).toBeUndefined();
  });
});

describe('what gets no answer', () => {
  it('is a receipt, a text, a handshake, a forward', async () => {
    const login = await desk.ask(createLogin(hulk, { time: now })).then(() => desk.users.load(hulk, 'login'));
    expect(login).toBeDefined();
    const [, forward] = (await desk.ask(createProfileQuery(hulk))).contents;
    for (const content of [
      createReceipt('Message received'),
      createText('hello'),
      createText('Command (name: x) not support yet!'),
      createHandshake('start'),
      forward as ForwardContent,
      parseContent({ type: 77, sn: 1, x: 1 }, desk.facebook.protocol),
    ]) {
      expect(await desk.hear(content)).toEqual([]);
    }
  });
});

describe('a command that nothing is for', () => {
  it('is answered with its name', async () => {
    for (const name of ['x', 'documents', '__proto__']) {
      expect(await desk.hear(command({ command: name }))).toEqual(
        text(`Command (name: ${name}) not support yet!`),
      );
    }
    const grouped = command({ command: 'x', group: 'stations@everywhere' });
    expect(await desk.hear(grouped)).toEqual(text('Command (name: x) not support yet!'));
    expect(await desk.hear(command({ command: 'x'.repeat(129) }))).toEqual([]);
  });

  it('is counted like the others', async () => {
    await desk.ask(command({ command: 'x' }));
    await desk.ask(createText('hello'));
    await desk.ask(createReceipt('ok'));
    expect(desk.commands).toEqual(['x', 'receipt']);
  });
});

describe('a disk that fails', () => {
  it('is told to who wanted something kept', async () => {
    const save = async () => {
      throw new StorageError('a command', { cause: new Error('full') });
    };
    const failing = await newDesk({ save });
    expect(await failing.hear(createContactList('block', []))).toEqual([
      expect.objectContaining({ code: 'ERR_STATION_STORAGE', retry_after: 10 }),
    ]);
  });

  it('is no excuse for other faults', async () => {
    const load = async () => {
      throw new TypeError('a fault');
    };
    const faulty = await newDesk({ load });
    await expect(faulty.ask(createContactList('block'))).rejects.toThrow(TypeError);
  });
});
