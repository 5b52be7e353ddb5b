import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Ack, Connection, ConnectionHandler } from '../src/connection.js';
import type { HttpHandler } from '../src/framings/http-handler.js';
import { JsonLinesFraming } from '../src/framings/json-lines.js';
import { WebSocketFraming } from '../src/framings/websocket.js';
import { Listener, type TlsOptions } from '../src/listener.js';
import { type Metrics, noMetrics } from '../src/metrics.js';
import { defaultLimits, type StationLimits } from '../src/options.js';
import { Watchdog } from '../src/watchdog.js';
import { afterTest } from './after-test.js';

export { afterTest } from './after-test.js';
export { until } from './until.js';

/** A connection as a test sees it from inside. */
export interface Seen {
  readonly connection: Connection;
  readonly packages: string[];
  readonly acks: Ack[];
  isClosed: boolean;
}

/** What a host of a test does. */
export interface HostOptions {
  readonly limits?: Partial<StationLimits>;
  readonly http?: HttpHandler;
  readonly tls?: TlsOptions;
  readonly metrics?: Metrics;
  /** What is done with a package; it is echoed when absent. */
  readonly onPackage?: (data: Uint8Array, connection: Connection) => Promise<void>;
  readonly isFull?: boolean;
}

/** A listener with both framings, and packages taken by the test. */
export interface Host {
  readonly port: number;
  readonly seen: Seen[];
  readonly listener: Listener;
}

export async function startHost(options: HostOptions = {}): Promise<Host> {
  const limits = { ...defaultLimits, ...options.limits };
  const watchdog = new Watchdog(limits);
  const seen: Seen[] = [];
  const welcome = (connection: Connection): ConnectionHandler | undefined => {
    if (options.isFull === true) {
      connection.close('goingAway');
      return undefined;
    }
    const one: Seen = { connection, packages: [], acks: [], isClosed: false };
    seen.push(one);
    return {
      async package(data) {
        one.packages.push(Buffer.from(data).toString());
        if (options.onPackage !== undefined) await options.onPackage(data, connection);
        else connection.send(data);
      },
      acknowledged: ack => one.acks.push(ack),
      closed() {
        if (one.isClosed) throw new Error('closed was told twice');
        one.isClosed = true;
      },
    };
  };
  const { http, tls, metrics = noMetrics } = options;
  const framings = [
    new WebSocketFraming({ limits, welcome, watchdog, http }),
    new JsonLinesFraming({ limits, welcome, watchdog }),
  ];
  const listen = { host: '127.0.0.1', port: 0 };
  const listener = new Listener({ listen, limits, framings, watchdog, metrics, tls });
  const { port } = await listener.start();
  afterTest(async () => {
    await listener.close();
    watchdog.close();
  });
  return { port, seen, listener };
}

/** A raw connection, and what came by it. */
export interface Raw {
  readonly socket: Socket;
  text(): string;
  bytes(): Buffer;
  /** Resolves when the connection is gone, in whatever way. */
  readonly closed: Promise<void>;
}

export async function connectRaw(port: number): Promise<Raw> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  afterTest(() => socket.destroy());
  await once(socket, 'connect');
  return watchRaw(socket);
}

/** Collects what comes by a socket. */
export function watchRaw(socket: Socket): Raw {
  const chunks: Buffer[] = [];
  socket.on('data', chunk => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  return { socket, text: () => Buffer.concat(chunks).toString(), bytes: () => Buffer.concat(chunks), closed };
}

/** A client by `ws`, and what came by it. */
export interface Web {
  readonly socket: WebSocket;
  /** Each message, and whether it was binary. */
  readonly messages: { readonly text: string; readonly isBinary: boolean }[];
  texts(): string[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export async function connectWeb(url: string, options: object = {}): Promise<Web> {
  const socket = new WebSocket(url, options);
  afterTest(() => socket.terminate());
  const messages: { text: string; isBinary: boolean }[] = [];
  socket.on('message', (data, isBinary) => messages.push({ text: String(data), isBinary }));
  socket.on('error', () => {});
  const closed = new Promise<{ code: number; reason: string }>(resolve => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await once(socket, 'open');
  return { socket, messages, texts: () => messages.map(({ text }) => text), closed };
}

/** The upgrade request of a WebSocket client. */
export const upgradeRequest: string = [
  'GET / HTTP/1.1',
  'Host: station',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  '',
  '',
].join('\r\n');

/** A masked frame of a client. The mask is zeros, which is one like any other. */
export function frame(text: string, opcode = 1): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 125) throw new Error('expected a short text');
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
