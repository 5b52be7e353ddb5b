import { openSocket } from '#socket';
import { formatAck, type PackageMark, readFrame } from './frames.js';
import { Heartbeat } from './heartbeat.js';
import type { Socket, SocketEnd } from './socket/socket.js';

/** What is heard from a link. */
export interface LinkListener {
  opened(): void;
  /** A package, alone. */
  package(data: Uint8Array): void;
  /** The other side has the package with this signature. */
  acknowledged(signature: string): void;
  /** The end, told once. */
  closed(end: SocketEnd): void;
}

/** How a link is made. */
export interface LinkOptions {
  readonly url: string;
  readonly heartbeatSeconds: number;
}

/** Milliseconds that the other side has to say goodbye; stations of both generations never do. */
const goodbye = 1000;

/** One connection: packages over a WebSocket, with its heartbeat. */
export class Link {
  readonly #listener: LinkListener;
  readonly #socket: Socket;
  readonly #options: LinkOptions;
  #heartbeat: Heartbeat | undefined;
  #isPaused = false;
  #bufferedBytes = 0;
  #end: SocketEnd | undefined;
  /** Given up when the end comes by itself. */
  #goodbye: ReturnType<typeof setTimeout> | undefined;
  /** What the end is called when we make it. */
  #reason: string | undefined;

  constructor(options: LinkOptions, listener: LinkListener) {
    this.#options = options;
    this.#listener = listener;
    this.#socket = openSocket(options.url, {
      opened: () => this.#opened(),
      frame: data => this.#frame(data),
      alive: () => this.#heartbeat?.heard(),
      closed: end => this.#closed(end),
    });
  }

  /** `left` is called when the package went to the network; never when the link ends before. */
  send(data: Uint8Array, left?: () => void): void {
    if (this.#end === undefined) this.#socket.send(data, left);
  }

  acknowledge(mark: PackageMark): void {
    if (this.#end === undefined) this.#socket.send(formatAck(mark));
  }

  /** Reads no further for now, where the platform can. */
  pause(): void {
    this.#isPaused = true;
    this.#socket.pause?.();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.resume?.();
    this.#heartbeat?.heard();
  }

  /** Ends with a goodbye. */
  close(): void {
    this.resume();
    this.#socket.close();
    this.#goodbye ??= setTimeout(() => this.#socket.terminate(), goodbye);
  }

  /** Ends at once. */
  terminate(reason: string): void {
    this.#reason ??= reason;
    this.resume();
    this.#socket.terminate();
  }

  #opened(): void {
    const { heartbeatSeconds } = this.#options;
    this.#heartbeat = new Heartbeat({
      seconds: heartbeatSeconds,
      ask: () => this.#ask(),
      isAlive: () => this.#isPaused || this.#socket.bufferedBytes < this.#bufferedBytes,
      gone: () => this.terminate(`nothing came for ${2 * heartbeatSeconds} seconds.`),
    });
    this.#listener.opened();
  }

  /** Existing stations answer the text or any frame, and none of them a ping of the protocol. */
  #ask(): void {
    this.#bufferedBytes = this.#socket.bufferedBytes;
    this.#socket.send('PING');
    this.#socket.ping?.();
  }

  #frame(data: Uint8Array): void {
    this.#heartbeat?.heard();
    const frame = readFrame(data);
    if (frame.kind === 'packages') for (const one of frame.packages) this.#listener.package(one);
    else if (frame.kind === 'ack') this.#listener.acknowledged(frame.signature);
    else if (frame.kind === 'ping') this.#socket.send('PONG');
    else if (frame.kind === 'flood') this.terminate('it sent too many packages in one frame.');
  }

  #closed({ code, reason }: SocketEnd): void {
    if (this.#end !== undefined) return;
    clearTimeout(this.#goodbye);
    this.#heartbeat?.stop();
    this.#end = { code, reason: this.#reason ?? (reason === '' ? `it was closed (${code}).` : reason) };
    this.#listener.closed(this.#end);
  }
}
