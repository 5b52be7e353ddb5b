import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseJsonObject } from '@dimp/crypto';
import type { Content } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import {
  createHandshake,
  Facebook,
  type HandshakeCommand,
  HandshakeState,
  handshakeState,
  Messenger,
} from '@dimp/sdk';
import { WebSocket } from 'ws';
import { type Account, type Card, enter, meet } from './account.js';
import { afterTest } from './after-test.js';
import { until } from './until.js';

/** A connection that sends and hears texts. */
export interface Line {
  readonly heard: string[];
  send(text: string | Uint8Array): void;
  /** Reads no further. */
  pause(): void;
  end(): void;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  isClosed: boolean;
}

/** By WebSocket, a frame for each text. */
export async function webLine(url: string): Promise<Line> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  afterTest(() => socket.terminate());
  const heard: string[] = [];
  const closed = new Promise<{ code: number; reason: string }>(resolve => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  const line: Line = {
    heard,
    send: text => socket.send(text),
    pause: () => socket.pause(),
    end: () => socket.terminate(),
    closed,
    isClosed: false,
  };
  socket.on('message', data => heard.push(String(data)));
  socket.on('error', () => undefined);
  void closed.then(() => {
    line.isClosed = true;
  });
  await once(socket, 'open');
  return line;
}

/** By the lines of generation 1. */
export async function textLine(port: number): Promise<Line> {
  return linesOver(await rawSocket(port));
}

export function linesOver(socket: Socket): Line {
  const heard: string[] = [];
  let rest = '';
  socket.setEncoding('utf8').on('data', (data: unknown) => {
    const lines = (rest + String(data)).split('\n');
    rest = lines.pop() ?? '';
    heard.push(...lines);
  });
  const closed = gone(socket).then(() => ({ code: 0, reason: '' }));
  const line: Line = {
    heard,
    send: text => socket.write(`${typeof text === 'string' ? text : Buffer.from(text).toString()}\n`),
    pause: () => socket.pause(),
    end: () => socket.destroy(),
    closed,
    isClosed: false,
  };
  void closed.then(() => {
    line.isClosed = true;
  });
  return line;
}

/** Nothing but TCP. */
export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  afterTest(() => socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/** Resolves when a connection is gone, in order or by a reset: which of them depends on what was still on its way. */
export function gone(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

/** Somebody who packs and opens everything himself and looks at each line: an old client, or one in bad faith. */
export class Raw {
  readonly id: ID;
  readonly line: Line;
  readonly facebook: Facebook;
  readonly messenger: Messenger;
  readonly #station: ID;
  #read = 0;

  private constructor(id: ID, line: Line, facebook: Facebook, station: string) {
    this.id = id;
    this.line = line;
    this.facebook = facebook;
    this.messenger = new Messenger({ facebook, replay: false });
    this.#station = facebook.parseID(station);
  }

  static async create(
    account: Account,
    line: Line,
    station: { readonly id: string },
    knows: readonly Card[] = [],
  ): Promise<Raw> {
    const facebook = new Facebook();
    const id = await enter(facebook, account);
    await meet(facebook, knows);
    return new Raw(id, line, facebook, station.id);
  }

  /** A package for somebody, by default the station. */
  async pack(content: Content, to?: { readonly id: string }): Promise<string> {
    const receiver = to === undefined ? this.#station : this.facebook.parseID(to.id);
    const data = await this.messenger.packContent(content, receiver, { attachMeta: true, sender: this.id });
    return Buffer.from(data).toString();
  }

  /** @returns what names the package in receipts and acknowledgements */
  async send(content: Content, to?: { readonly id: string }): Promise<string> {
    const text = await this.pack(content, to);
    this.line.send(text);
    return signatureOf(text);
  }

  /** The next line that says something. */
  async nextLine(): Promise<string> {
    for (;;) {
      await until(() => this.line.heard.length > this.#read || this.line.isClosed);
      const text = this.line.heard[this.#read++];
      if (text === undefined) throw new Error('the connection ended before what was waited for');
      if (text !== '') return text;
    }
  }

  /** The next package, opened. */
  async next(): Promise<Content> {
    return this.open(await this.nextLine());
  }

  async open(text: string): Promise<Content> {
    const received = await this.messenger.processPackage(Buffer.from(text));
    if (received.kind !== 'accepted') throw new Error(`expected a message, got one that is ${received.kind}`);
    return received.message.content;
  }

  /** Logs in as generation 1 does: both messages, and no member that it does not know. */
  async logIn(extra: { readonly ack?: true } = {}): Promise<HandshakeCommand> {
    await this.send(createHandshake('start', undefined, { extra }), { id: 'station@anywhere' });
    const { session } = (await this.next()) as HandshakeCommand;
    await this.send(createHandshake('restart', session, { extra }));
    const success = (await this.next()) as HandshakeCommand;
    if (handshakeState(success) !== HandshakeState.success)
      throw new Error(`not logged in: ${success.message}`);
    return success;
  }
}

/** The signature as it stands in a package. */
export function signatureOf(text: string): string {
  return String(parseJsonObject(text, 'Package')['signature']);
}
