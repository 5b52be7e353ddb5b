import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { addressGroup } from './address-group.js';
import { ListenError } from './errors.js';
import { type Framing, headBytes } from './framing.js';
import type { Metrics } from './metrics.js';
import type { ListenOptions, StationLimits } from './options.js';
import type { Watchdog } from './watchdog.js';

/** What TLS is spoken with: PEM texts. */
export interface TlsOptions {
  readonly key: string | Uint8Array;
  readonly cert: string | Uint8Array;
}

/** What a listener is made of. */
export interface ListenerOptions {
  readonly listen: ListenOptions;
  readonly limits: Pick<StationLimits, 'connections' | 'connectionsPerAddress' | 'loginSeconds'>;
  /** Asked in this order. */
  readonly framings: readonly Framing[];
  readonly watchdog: Watchdog;
  readonly metrics: Metrics;
  readonly tls?: TlsOptions | undefined;
  /** Hears when a connection could not be taken, as when the process has too many files open. */
  readonly failed?: ((error: unknown) => void) | undefined;
}

/** Seconds for the last bytes of connections that are told to end. */
const graceSeconds = 5;

/**
 * One TCP port for everything. Looks at the first bytes of a connection and hands it to the framing that knows them,
 * with nothing read. Turned away, and counted as framings of these names: `unknown` first bytes, and `surplus`
 * connections above the limits.
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  /** Open connections, with the address that each counts for. */
  readonly #sockets = new Map<Socket, string>();
  readonly #perAddress = new Map<string, number>();
  /** First bytes of connections that nobody has recognised yet. */
  readonly #heads = new Map<Socket, Buffer>();
  readonly #listeners: SocketListeners;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#listeners = socketListeners({
      data: (socket, chunk) => this.#sniff(socket, chunk),
      closed: socket => this.#forget(socket),
    });
    const { tls, limits } = options;
    if (tls === undefined) {
      this.#server = createServer({ noDelay: true }, socket => this.#meet(socket));
    } else {
      const { key, cert } = tls;
      const pem = { key: asBuffer(key), cert: asBuffer(cert) };
      const server = createTlsServer({ ...pem, handshakeTimeout: limits.loginSeconds * 1000 });
      server.on('secureConnection', socket => this.#begin(socket));
      // a failed handshake has ended its connection already
      server.on('tlsClientError', () => this.#turnAway('unknown'));
      server.on('connection', (socket: Socket) => this.#count(socket));
      this.#server = server;
    }
  }

  /** Connections that are open. */
  get connectionCount(): number {
    return this.#sockets.size;
  }

  /** Resolves when connections can come. @throws {ListenError} the port is taken, the address not here */
  async start(): Promise<AddressInfo> {
    const { host, port } = this.#options.listen;
    try {
      this.#server.listen(this.#options.listen);
      await once(this.#server, 'listening');
    } catch (error) {
      throw new ListenError(host, port, error);
    }
    const { failed = () => {} } = this.#options;
    this.#server.on('error', failed);
    return this.#server.address() as AddressInfo;
  }

  /** Takes no more connections; those that are there go on. */
  stop(): void {
    if (this.#server.listening) this.#server.close();
  }

  /** Ends all connections as their framings do, and after a few seconds whatever is left. */
  async close(): Promise<void> {
    this.stop();
    const { framings } = this.#options;
    for (const socket of this.#heads.keys()) socket.destroy();
    const soft = Promise.all(framings.map(framing => framing.close()));
    const hard = new Promise<void>(resolve => setTimeout(resolve, graceSeconds * 1000).unref());
    await Promise.race([soft, hard]);
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #meet(socket: Socket): void {
    if (this.#count(socket)) this.#begin(socket);
  }

  /** Whether there is room for it; if not it is gone. */
  #count(socket: Socket): boolean {
    const { limits } = this.#options;
    const address = addressGroup(socket.remoteAddress ?? '');
    const before = this.#perAddress.get(address) ?? 0;
    socket.on('error', ignoreError);
    if (this.#sockets.size >= limits.connections || before >= limits.connectionsPerAddress) {
      this.#turnAway('surplus');
      socket.destroy();
      return false;
    }
    this.#sockets.set(socket, address);
    this.#perAddress.set(address, before + 1);
    socket.on('close', this.#listeners.closed);
    return true;
  }

  #begin(socket: Socket): void {
    socket.on('error', ignoreError);
    this.#options.watchdog.watch(socket);
    socket.on('close', this.#listeners.closed);
    socket.on('data', this.#listeners.data);
  }

  #sniff(socket: Socket, chunk: Buffer): void {
    const before = this.#heads.get(socket);
    const head = before === undefined ? chunk : Buffer.concat([before, chunk]);
    const start = head.subarray(0, headBytes);
    let isOpen = false;
    for (const framing of this.#options.framings) {
      const recognition = framing.recognise(start);
      if (recognition === 'yes') {
        this.#hand(socket, head, framing);
        return;
      }
      isOpen ||= recognition === 'more';
    }
    if (isOpen && head.length < headBytes) {
      this.#heads.set(socket, head);
      return;
    }
    this.#turnAway('unknown');
    socket.destroy();
  }

  #turnAway(name: 'unknown' | 'surplus'): void {
    this.#options.metrics.connectionOpened(name);
    this.#options.metrics.connectionClosed(name);
  }

  #hand(socket: Socket, head: Buffer, framing: Framing): void {
    const { remoteAddress, remotePort } = socket;
    socket.off('data', this.#listeners.data);
    this.#heads.delete(socket);
    socket.pause();
    socket.unshift(head);
    // undefined when the other end has gone in between
    if (remoteAddress === undefined || remotePort === undefined) socket.destroy();
    else framing.accept(socket, { address: remoteAddress, port: remotePort });
  }

  #forget(socket: Socket): void {
    this.#options.watchdog.forget(socket);
    this.#heads.delete(socket);
    const address = this.#sockets.get(socket);
    // the socket over TLS closes beside the one below it, which was counted
    if (address === undefined) return;
    this.#sockets.delete(socket);
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}

interface SocketListeners {
  readonly data: (this: Socket, chunk: Buffer) => void;
  readonly closed: (this: Socket) => void;
}

/** Listeners that all sockets share: a closure for each would cost memory as long as it is idle. */
function socketListeners(calls: {
  data(socket: Socket, chunk: Buffer): void;
  closed(socket: Socket): void;
}): SocketListeners {
  return {
    data(chunk) {
      calls.data(this, chunk);
    },
    closed() {
      calls.closed(this);
    },
  };
}

/** `close` follows and says all that matters. */
function ignoreError(): void {}

function asBuffer(pem: string | Uint8Array): string | Buffer {
  return typeof pem === 'string' ? pem : Buffer.from(pem);
}
