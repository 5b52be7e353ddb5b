import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@dimp/crypto';
import type { Content, ReliableMessage } from '@dimp/dkd';
import type { ID, User } from '@dimp/mkm';
import {
  createHandshake,
  Facebook,
  type HandshakeCommand,
  Messenger,
  type ReceiptCommand,
  registerUser,
} from '@dimp/sdk';
import { afterAll } from '@jest/globals';
import type { Desk, DeskRequest } from '../src/desk.js';
import { JsonLinesFraming } from '../src/framings/json-lines.js';
import { WebSocketFraming } from '../src/framings/websocket.js';
import { Handshakes } from '../src/handshake.js';
import { Inbound } from '../src/inbound.js';
import { Listener } from '../src/listener.js';
import { MemorySessionDirectory } from '../src/memory-session-directory.js';
import { noMetrics } from '../src/metrics.js';
import { defaultLimits, type StationLimits } from '../src/options.js';
import type { RefusalReason } from '../src/refusal.js';
import type { MessageRelay, Relayed } from '../src/relay.js';
import { Roster } from '../src/roster.js';
import type { Session } from '../src/session.js';
import { SlowLane } from '../src/slow-lane.js';
import { openStationAccount, type StationAccount } from '../src/station-account.js';
import { StationMail } from '../src/station-mail.js';
import { Voice } from '../src/voice.js';
import { Watchdog } from '../src/watchdog.js';
import { afterTest } from './after-test.js';
import { connectWeb, type Web } from './socket-kit.js';
import { until } from './until.js';

const folders: string[] = [];
const accounts: StationAccount[] = [];

afterAll(async () => {
  for (const { store } of accounts) await store.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A folder that is removed after the tests of the file. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dimp-station-'));
  folders.push(folder);
  return folder;
}

/** An account of a station that is opened once for the tests of a file. */
export async function newAccount(): Promise<StationAccount> {
  const account = await openStationAccount({ location: join(await newFolder(), 'account'), bits: 1024 });
  accounts.push(account);
  return account;
}

/** A relay that notes what it is given. */
export class TestRelay implements MessageRelay {
  readonly accepted: {
    readonly message: ReliableMessage;
    readonly data: Uint8Array;
    readonly from: Session;
  }[] = [];
  readonly attached: Set<Session> = new Set<Session>();
  readonly signatures: string[] = [];
  outcome: () => Promise<Relayed> = async () => ({ kind: 'stored', isOnline: false });

  accept(message: ReliableMessage, data: Uint8Array, from: Session): Promise<Relayed> {
    this.accepted.push({ message, data, from });
    return this.outcome();
  }
  attach(session: Session): void {
    this.attached.add(session);
  }
  detach(session: Session): void {
    this.attached.delete(session);
  }
  acknowledged(_: Session, signature: string): void {
    this.signatures.push(signature);
  }
  async close(): Promise<void> {}
}

/** What the parts between socket and relay are tried with. */
export interface TestHost {
  readonly url: string;
  readonly port: number;
  readonly account: StationAccount;
  readonly relay: TestRelay;
  readonly sessions: MemorySessionDirectory;
  readonly banned: Set<string>;
  readonly noted: string[];
  readonly refused: RefusalReason[];
  readonly asked: { readonly content: Content; readonly request: DeskRequest }[];
  readonly inbound: Inbound;
}

export interface TestHostOptions {
  readonly limits?: Partial<StationLimits>;
  readonly neighbours?: readonly ID[];
  readonly desk?: Desk['answer'];
  readonly offerUpload?: (user: ID) => JsonObject;
}

/** Everything from the socket to the relay, for real, with a relay and a desk that take notes. */
export async function startInbound(
  account: StationAccount,
  options: TestHostOptions = {},
): Promise<TestHost> {
  const limits = { ...defaultLimits, ...options.limits };
  const watchdog = new Watchdog(limits);
  const refused: RefusalReason[] = [];
  const metrics = { ...noMetrics, refused: (reason: RefusalReason) => void refused.push(reason) };
  const [relay, sessions] = [new TestRelay(), new MemorySessionDirectory()];
  const banned = new Set<string>();
  const noted: string[] = [];
  const asked: { content: Content; request: DeskRequest }[] = [];
  const users = {
    isBanned: (user: ID) => banned.has(user.key),
    add: async (user: ID) => void noted.push(user.text),
  };
  const desk: Desk = {
    async answer(content, request) {
      asked.push({ content, request });
      return options.desk?.(content, request) ?? { contents: [] };
    },
  };
  const voice = new Voice({ account, metrics, bufferedBytes: limits.bufferedBytes });
  const lane = new SlowLane({ width: 4, traffic: () => inbound.relayedCount });
  const neighbours = new Set((options.neighbours ?? []).map(({ key }) => key));
  const handshakes = new Handshakes({
    voice,
    roster: new Roster(limits),
    sessions,
    users,
    relay,
    limits,
    metrics,
    isNeighbour: user => neighbours.has(user.key),
    offerUpload: options.offerUpload,
  });
  const mail = new StationMail({ account, voice, lane, handshakes, desk, relay });
  const inbound: Inbound = new Inbound({
    account,
    voice,
    mail,
    handshakes,
    relay,
    sessions,
    users,
    limits,
    watchdog,
    metrics,
  });
  const welcome = inbound.welcome.bind(inbound);
  const framings = [
    new WebSocketFraming({ limits, welcome, watchdog }),
    new JsonLinesFraming({ limits, welcome, watchdog }),
  ];
  const listen = { host: '127.0.0.1', port: 0 };
  const listener = new Listener({ listen, limits, framings, watchdog, metrics });
  const { port } = await listener.start();
  afterTest(async () => {
    await listener.close();
    watchdog.close();
  });
  const url = `ws://127.0.0.1:${port}`;
  return { url, port, account, relay, sessions, banned, noted, refused, asked, inbound };
}

/** A user with a program of his own, who knows the station if he is told it. */
export interface Person {
  readonly id: ID;
  readonly user: User;
  readonly facebook: Facebook;
  readonly messenger: Messenger;
}

export async function newPerson(
  name: string,
  { knows, ...options }: { readonly algorithm?: string; readonly knows?: StationAccount } = {},
): Promise<Person> {
  const facebook = new Facebook();
  const user = await registerUser(facebook, { name, bits: 1024, ...options });
  if (knows !== undefined) await facebook.saveMeta(knows.meta, knows.id);
  return { id: user.id, user, facebook, messenger: new Messenger({ facebook }) };
}

/** Lets a person know another. */
export async function introduce(person: Person, to: Person): Promise<void> {
  await to.facebook.saveMeta(await person.user.meta(), person.id);
}

/** A person at a station, by WebSocket, who looks at every package. */
export class Client {
  readonly person: Person;
  readonly web: Web;
  readonly #station: ID;
  #read = 0;

  constructor(person: Person, web: Web, station: ID) {
    this.person = person;
    this.web = web;
    this.#station = station;
  }

  static async connect(person: Person, { url, account }: Pick<TestHost, 'url' | 'account'>): Promise<Client> {
    return new Client(person, await connectWeb(url), account.id);
  }

  /** Sends a content, to the station when nobody is named. */
  async send(content: Content, to: ID = this.#station, device?: string): Promise<void> {
    this.web.socket.send(await this.pack(content, to, device));
  }

  pack(content: Content, to: ID = this.#station, device?: string): Promise<Uint8Array> {
    const { id, messenger, facebook } = this.person;
    const sender = device === undefined ? id : facebook.parseID(`${id.key}/${device}`);
    return messenger.packContent(content, to, { attachMeta: true, sender });
  }

  /** The next package that the station sends, opened. */
  async next(): Promise<Content> {
    await until(() => this.web.messages.length > this.#read);
    const { text } = this.web.messages[this.#read++] as { text: string };
    const received = await this.person.messenger.processPackage(Buffer.from(text));
    if (received.kind !== 'accepted')
      throw new Error(`expected an accepted message, got ${JSON.stringify(received)}`);
    return received.message.content;
  }

  /** The next text as it is. */
  async nextText(): Promise<string> {
    await until(() => this.web.messages.length > this.#read);
    return (this.web.messages[this.#read++] as { text: string }).text;
  }

  async nextHandshake(): Promise<HandshakeCommand> {
    return (await this.next()) as HandshakeCommand;
  }

  async nextReceipt(): Promise<ReceiptCommand> {
    return (await this.next()) as ReceiptCommand;
  }

  /** Logs in as generation 1 does, the first message to who knows which station. */
  async logIn({
    device,
    extra = {},
  }: {
    readonly device?: string;
    readonly extra?: JsonObject;
  } = {}): Promise<HandshakeCommand> {
    const anyStation = this.person.facebook.parseID('station@anywhere');
    await this.send(createHandshake('start', undefined, { extra }), anyStation, device);
    const { message, session } = await this.nextHandshake();
    if (message !== 'DIM?') throw new Error(`expected "DIM?", got ${message}`);
    await this.send(createHandshake('restart', session, { extra }), this.#station, device);
    return this.nextHandshake();
  }
}
