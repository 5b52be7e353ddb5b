import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import {
  type Ack,
  type CloseReason,
  type Connection,
  type ConnectionHandler,
  closeCodes,
} from '../connection.js';
import type { StationLimits } from '../options.js';
import { formatAck, looksLikeAck, parseAck } from './ack.js';
import { nextConnectionNumber } from './connection-number.js';
import { FrameWriter } from './frame-writer.js';
import { Intake, type IntakeOwner } from './intake.js';

/** What one connection is bound by. */
export type WebSocketLimits = Pick<StationLimits, 'packageBytes' | 'pendingPackages' | 'bufferedBytes'>;

/** A WebSocket that knows its connection: listeners are shared by all and find it here. */
export class StationWebSocket extends WebSocket {
  connection: WebSocketConnection | undefined;
}

const brace = 0x7b;
const pong = 'PONG';
const silentWords: ReadonlySet<string> = new Set(['NOOP', 'PONG', 'OK']);

/** A connection that carries one package in each text message it sends, and lines in those it receives. */
export class WebSocketConnection implements Connection, IntakeOwner {
  readonly number: number = nextConnectionNumber();
  readonly framing = 'websocket';
  readonly remote: Connection['remote'];
  readonly #socket: StationWebSocket;
  readonly #stream: Duplex;
  readonly #limits: WebSocketLimits;
  readonly #intake: Intake;
  readonly #writer: FrameWriter;
  #handler: ConnectionHandler | undefined;
  #isOpen = true;

  constructor(
    socket: StationWebSocket,
    stream: Duplex,
    remote: Connection['remote'],
    limits: WebSocketLimits,
  ) {
    this.#socket = socket;
    this.#stream = stream;
    this.#limits = limits;
    this.remote = remote;
    this.#writer = new FrameWriter(stream, socket);
    this.#intake = new Intake(this, { lines: limits.pendingPackages, bytes: limits.packageBytes });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount + this.#writer.bytes;
  }

  /** @param handler undefined when it was turned away, and is ending already */
  open(handler: ConnectionHandler | undefined): void {
    this.#handler = handler;
    this.#socket.connection = this;
    this.#socket.on('message', onMessage);
    this.#socket.on('ping', onPing);
    this.#socket.on('close', onEnd);
    this.#socket.on('error', onError);
    this.#stream.on('end', () => this.end());
  }

  send(data: Uint8Array, left?: (done: boolean) => void): void {
    this.#write(data, left);
  }

  sendAck(ack: Ack): void {
    // whoever goes on sending and reads nothing would fill the memory with these
    if (this.bufferedBytes > 4 * this.#limits.bufferedBytes)
      this.close('policy', 'You send and do not read.');
    else this.#write(formatAck(ack));
  }

  close(reason: CloseReason, text?: string): void {
    if (!this.#isOpen) return;
    this.#intake.clear();
    this.#writer.flush();
    this.#socket.close(closeCodes[reason], text);
    // the other end's part of the closing must be read
    this.#socket.resume();
    this.end();
  }

  /** Ends it at once, as when it is not read by the other end. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Tells the end once. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#handler?.closed();
  }

  takeLine(line: Uint8Array): Promise<void> | undefined {
    return line.length > 0 ? this.#handler?.package(line) : undefined;
  }

  setReading(isReading: boolean): void {
    if (isReading) this.#socket.resume();
    else if (this.#isOpen) this.#socket.pause();
  }

  /** A message came, text or binary alike. */
  received(payload: Buffer): void {
    if (!this.#isOpen || payload.length === 0) return;
    if (payload[0] !== brace && this.#understand(payload)) return;
    this.#intake.push(payload);
  }

  /** A ping of the protocol. */
  pinged(data: Buffer): void {
    if (this.#isRead()) this.#socket.pong(data);
  }

  /** Past the library: it knows no frames that were put together before, and has no say in those without compression. */
  #write(payload: Uint8Array | string, left?: (done: boolean) => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#writer.write(payload, left);
    else if (left !== undefined) process.nextTick(left, false);
  }

  /** Deals with heartbeats and acknowledgements; false for what is none. */
  #understand(payload: Buffer): boolean {
    const word = payload.length <= 4 ? payload.toString('latin1') : '';
    if (word === 'PING') {
      if (this.#isRead()) this.#write(pong);
      return true;
    }
    if (silentWords.has(word)) return true;
    const ack = looksLikeAck(payload) ? parseAck(payload) : undefined;
    if (ack !== undefined) this.#handler?.acknowledged(ack);
    return ack !== undefined;
  }

  /** Answers to pings must not pile up for one who does not read them. */
  #isRead(): boolean {
    if (this.bufferedBytes <= this.#limits.bufferedBytes) return this.#isOpen;
    this.terminate();
    return false;
  }
}

function onMessage(this: WebSocket, data: unknown): void {
  (this as StationWebSocket).connection?.received(data as Buffer);
}

function onPing(this: WebSocket, data: Buffer): void {
  (this as StationWebSocket).connection?.pinged(data);
}

function onEnd(this: WebSocket): void {
  (this as StationWebSocket).connection?.end();
}

/** `close` follows, and the code that was sent says why. */
function onError(): void {}
