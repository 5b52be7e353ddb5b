import { type ConnectionState, StationTransport, type StationTransportOptions } from '@dimp/client/websocket';
import { type Content, createText, type TextContent } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import {
  Facebook,
  MemoryConversations,
  MemoryOutbox,
  Messenger,
  type MessengerEvents,
  type MessengerOptions,
  type Sent,
} from '@dimp/sdk';
import { type Account, type Card, enter, meet } from './account.js';
import { afterTest } from './after-test.js';
import { until } from './until.js';

/** What a client is made of beside its account. */
export interface ClientOptions extends Partial<StationTransportOptions> {
  readonly url: string;
  readonly knows?: readonly Card[];
  readonly messenger?: MessengerOptions;
}

type ReadyState = Extract<ConnectionState, { readonly kind: 'ready' }>;

/** A program of somebody's, as an application would be: sdk and transport, with everything in memory. */
export class Client {
  readonly id: ID;
  readonly facebook: Facebook;
  readonly transport: StationTransport;
  readonly messenger: Messenger;
  /** What the application heard, in order. */
  readonly heard: MessengerEvents['message'][] = [];
  readonly commands: MessengerEvents['command'][] = [];
  readonly receipts: MessengerEvents['receipt'][] = [];
  /** What became of what was sent: `sent 3`, `failed 4 ERR_STATION_BLOCKED`. Numbers are those of the conversation. */
  readonly states: string[] = [];
  readonly rejected: string[] = [];
  /** Why the connection was lost, each time. */
  readonly losses: string[] = [];
  duplicates = 0;

  private constructor(id: ID, facebook: Facebook, { url, messenger, ...options }: ClientOptions) {
    this.id = id;
    this.facebook = facebook;
    const backoff = { firstSeconds: 0.05, maxSeconds: 0.2 };
    this.transport = new StationTransport({ facebook, user: id, stations: [{ url }], backoff, ...options });
    this.transport.onState(state => {
      if (state.kind === 'waiting') this.losses.push(state.reason.message);
    });
    this.messenger = new Messenger({
      facebook,
      transport: this.transport,
      resolver: this.transport,
      conversations: new MemoryConversations(),
      outbox: new MemoryOutbox(),
      ...messenger,
    });
    this.messenger.on('message', event => void this.heard.push(event));
    this.messenger.on('command', event => void this.commands.push(event));
    this.messenger.on('receipt', event => void this.receipts.push(event));
    this.messenger.on('rejected', ({ error }) => void this.rejected.push(error.code));
    this.messenger.on('message-state', ({ state, place, failure }) => {
      this.states.push([state, place.number, ...(failure ? [failure.code] : [])].join(' '));
    });
    this.messenger.on('duplicate', () => {
      this.duplicates++;
    });
    afterTest(() => this.close());
  }

  /** Makes one that is not connected. */
  static async create(account: Account, options: ClientOptions): Promise<Client> {
    const facebook = new Facebook();
    const id = await enter(facebook, account);
    await meet(facebook, options.knows ?? []);
    return new Client(id, facebook, options);
  }

  static async connect(account: Account, options: ClientOptions): Promise<Client> {
    const client = await Client.create(account, options);
    await client.transport.connect();
    return client;
  }

  /** What the application heard of texts, in order. */
  get texts(): readonly string[] {
    return this.heard.map(({ content }) => (content as TextContent).text);
  }

  /** What the application heard of somebody. */
  textsOf({ id }: { readonly id: string }): readonly string[] {
    return this.heard
      .filter(({ sender }) => sender.text === id)
      .map(({ content }) => (content as TextContent).text);
  }

  /** How the connection is, while it is good. */
  get ready(): ReadyState {
    const { state } = this.transport;
    if (state.kind !== 'ready') throw new Error(`expected a connection that is ready, got ${state.kind}`);
    return state;
  }

  send(content: Content | string, to: { readonly id: string }): Promise<Sent> {
    const said = typeof content === 'string' ? createText(content) : content;
    return this.messenger.sendContent(said, this.facebook.parseID(to.id));
  }

  /** Asks somebody, as the station, and resolves with the first content that is an answer and comes then. */
  async ask<Answer extends Content>(
    content: Content,
    to: { readonly id: string },
    isAnswer: (content: Content) => content is Answer,
  ): Promise<Answer> {
    const lists = [this.heard, this.commands, this.receipts] as const;
    const before = lists.map(({ length }) => length);
    await this.send(content, to);
    const find = (): Answer | undefined =>
      lists
        .flatMap((list, index) => list.slice(before[index]).map(event => event.content as Content))
        .find(isAnswer);
    await until(() => find() !== undefined);
    return find() as Answer;
  }

  /** Resolves when so many texts were heard, or more. */
  async hears(count: number): Promise<readonly string[]> {
    await until(() => this.heard.length >= count);
    return this.texts;
  }

  /** Resolves when the connection is in this state, or is already. */
  async reaches(kind: ConnectionState['kind']): Promise<void> {
    await new Promise<void>(resolve => {
      const stop = this.transport.onState(state => look(state));
      const look = (state: ConnectionState): void => {
        if (state.kind !== kind) return;
        stop();
        resolve();
      };
      look(this.transport.state);
    });
  }

  async close(): Promise<void> {
    await this.messenger.close();
    await this.transport.close();
  }
}
