import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Welcome } from '../connection.js';
import type { Framing, Recognition } from '../framing.js';
import type { Watchdog } from '../watchdog.js';
import { type HttpHandler, notFoundHandler } from './http-handler.js';
import { asksForWebSocket, plainHead } from './upgrade.js';
import { StationWebSocket, WebSocketConnection, type WebSocketLimits } from './websocket-connection.js';

/** What the framing is made with. */
export interface WebSocketFramingOptions {
  readonly limits: WebSocketLimits;
  readonly welcome: Welcome;
  readonly watchdog: Watchdog;
  /** Answers requests that are no upgrade; with 404 when absent. */
  readonly http?: HttpHandler | undefined;
  /** Hears of what a handler threw. */
  readonly failed?: ((error: unknown) => void) | undefined;
}

const methods = ['GET ', 'POST ', 'HEAD ', 'PUT ', 'OPTIONS ', 'DELETE ', 'PATCH '] as const;

/** Seconds for a client to answer when it is told that the connection ends. */
const closeSeconds = 5;

/** Seconds in which a request may follow another on its connection. */
const idleSeconds = 5;

/**
 * WebSocket, and with it HTTP: a request that asks for an upgrade to it becomes a connection, whatever its path, and any
 * other goes to the handler. No compression and no fragments from here; the first subprotocol that is offered is taken, as
 * browsers end a connection whose offer is not answered.
 */
export class WebSocketFraming implements Framing {
  readonly name = 'websocket';
  readonly #options: WebSocketFramingOptions;
  readonly #http: Server;
  readonly #webSockets: WebSocketServer;
  /** Connections that still speak HTTP, with the requests under way on each. */
  readonly #requests = new Map<Duplex, number>();
  /** Upgrades behind requests that are under way. */
  readonly #waiting = new WeakMap<Duplex, () => void>();
  readonly #connections = new Set<StationWebSocket>();
  #isClosing = false;

  constructor(options: WebSocketFramingOptions) {
    this.#options = options;
    // it has no port: connections are given to it
    this.#http = createServer({ keepAliveTimeout: idleSeconds * 1000 }, (request, response) =>
      this.#answer(request, response),
    );
    this.#http.on('upgrade', (request, stream, head) => this.#upgrade(request, stream, head));
    this.#webSockets = new WebSocketServer({
      noServer: true,
      WebSocket: StationWebSocket,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.limits.packageBytes,
      // one closure less for each connection; they are answered there
      autoPong: false,
      closeTimeout: closeSeconds * 1000,
    } as ConstructorParameters<typeof WebSocketServer>[0]);
  }

  recognise(head: Uint8Array): Recognition {
    const text = String.fromCharCode(...head.subarray(0, 8));
    if (methods.some(method => text.startsWith(method))) return 'yes';
    return methods.some(method => method.startsWith(text)) ? 'more' : 'no';
  }

  accept(stream: Duplex): void {
    this.#requests.set(stream, 0);
    stream.on('close', this.#forgetStream);
    this.#http.emit('connection', stream);
    stream.resume();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const gone: Promise<void>[] = [];
    for (const [stream, count] of this.#requests) {
      gone.push(closed(stream));
      if (count === 0) stream.destroy();
    }
    for (const socket of this.#connections) {
      gone.push(new Promise(resolve => socket.once('close', () => resolve())));
      socket.connection?.close('goingAway', 'The station stops.');
    }
    await Promise.all(gone);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { watchdog, http = notFoundHandler, failed } = this.#options;
    const { socket } = request;
    watchdog.admit(socket);
    this.#requests.set(socket, (this.#requests.get(socket) ?? 0) + 1);
    if (this.#isClosing) response.setHeader('connection', 'close');
    response.once('close', () => {
      const count = (this.#requests.get(socket) ?? 1) - 1;
      if (socket.destroyed) return;
      this.#requests.set(socket, count);
      watchdog.limit(socket, idleSeconds);
      if (count === 0) this.#goOn(socket);
      if (this.#isClosing && count === 0) socket.destroySoon();
    });
    void handle(http, request, response, failed);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { remoteAddress: address, remotePort: port } = stream as Socket;
    if (address === undefined || port === undefined || this.#isClosing) {
      stream.destroy();
      return;
    }
    if ((this.#requests.get(stream) ?? 0) > 0) {
      // those in front of it have their answers first
      this.#waiting.set(stream, () => this.#upgrade(request, stream, head));
      return;
    }
    if (!asksForWebSocket(request)) {
      stream.unshift(Buffer.concat([plainHead(request), head]));
      this.#http.emit('connection', stream);
      stream.resume();
      return;
    }
    this.#webSockets.handleUpgrade(request, stream, head, socket =>
      this.#open(socket, stream as Socket, { address, port }),
    );
  }

  #goOn(stream: Duplex): void {
    const waiting = this.#waiting.get(stream);
    this.#waiting.delete(stream);
    waiting?.();
  }

  #open(webSocket: WebSocket, stream: Socket, remote: { address: string; port: number }): void {
    const { limits, welcome, watchdog } = this.#options;
    const socket = webSocket as StationWebSocket;
    this.#requests.delete(stream);
    stream.off('close', this.#forgetStream);
    this.#connections.add(socket);
    socket.on('close', this.#forget);
    watchdog.admit(stream);
    const connection = new WebSocketConnection(socket, stream, remote, limits);
    connection.open(welcome(connection));
  }

  /** Shared by all connections, as a closure for each would cost memory. */
  readonly #forget = forgetter(this.#connections);
  readonly #forgetStream = forgetter(this.#requests);
}

function forgetter<T>(all: { delete(one: T): boolean }): (this: unknown) => void {
  return function (this: unknown) {
    all.delete(this as T);
  };
}

function closed(stream: Duplex): Promise<void> {
  return new Promise(resolve => stream.once('close', () => resolve()));
}

async function handle(
  http: HttpHandler,
  request: IncomingMessage,
  response: ServerResponse,
  failed: ((error: unknown) => void) | undefined,
): Promise<void> {
  try {
    await http(request, response);
  } catch (error) {
    failed?.(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Failed.\n');
  }
}
