import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Ack, CloseReason, Connection, ConnectionHandler, Welcome } from '../connection.js';
import type { Framing, Recognition } from '../framing.js';
import type { StationLimits } from '../options.js';
import type { Watchdog } from '../watchdog.js';
import { formatAck, looksLikeAck, parseAck } from './ack.js';
import { nextConnectionNumber } from './connection-number.js';
import { corkForThisTurn } from './cork.js';
import { Intake, type IntakeOwner } from './intake.js';

/** What framings over a socket are made with. */
export interface LineFramingOptions {
  readonly limits: Pick<StationLimits, 'packageBytes'>;
  readonly welcome: Welcome;
  readonly watchdog: Watchdog;
}

/** Seconds for a client to take its last lines. */
const closeSeconds = 5;

/** Pieces of one line that are kept as they came. */
const maxPieces = 256;

/** Empty answers that have not left yet. Each is one byte on the wire and hundreds in memory. */
const maxNods = 4096;

const lineEnd = 0x0a;
const brace = 0x7b;
const quote = 0x22;

/**
 * Raw JSON lines of generation 1: one package a line, both ways. A line without answer is answered by an empty one, and
 * so is an empty one, the heartbeat. Lines are dealt with one after the other, so answers have the order of questions.
 * @see transport.md 5
 */
export class JsonLinesFraming implements Framing {
  readonly name = 'json-lines';
  readonly #options: LineFramingOptions;
  readonly #connections = new Set<LineConnection>();

  constructor(options: LineFramingOptions) {
    this.#options = options;
  }

  recognise(head: Uint8Array): Recognition {
    if (head[0] !== brace || head.includes(0)) return 'no';
    if (head.length < 2) return 'more';
    return head[1] === quote ? 'yes' : 'no';
  }

  accept(stream: Duplex, remote: { readonly address: string; readonly port: number }): void {
    const { watchdog, welcome, limits } = this.#options;
    const socket = stream as Socket;
    const connection = new LineConnection(socket, remote, limits.packageBytes, () => {
      watchdog.limit(socket, closeSeconds);
    });
    const handler = welcome(connection);
    if (handler === undefined) return;
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
    watchdog.admit(socket);
    connection.open(handler);
  }

  async close(): Promise<void> {
    const connections = [...this.#connections];
    const gone = connections.map(connection => connection.gone);
    for (const connection of connections) connection.close('goingAway');
    await Promise.all(gone);
  }
}

/** A connection that carries lines. */
class LineConnection implements Connection, IntakeOwner {
  readonly number: number = nextConnectionNumber();
  readonly framing = 'json-lines';
  readonly remote: Connection['remote'];
  readonly #socket: Socket;
  readonly #maxLength: number;
  readonly #ending: () => void;
  readonly #intake: Intake;
  #handler: ConnectionHandler | undefined;
  /** The beginning of a line whose end has not come yet. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #sent = 0;
  #nods = 0;
  #isOpen = true;

  constructor(socket: Socket, remote: Connection['remote'], maxLength: number, ending: () => void) {
    this.#socket = socket;
    this.remote = remote;
    this.#maxLength = maxLength;
    this.#ending = ending;
    this.#intake = new Intake(this, { lines: 1, bytes: maxLength });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /** Resolves when the socket is closed. */
  get gone(): Promise<void> {
    if (this.#socket.closed) return Promise.resolve();
    return new Promise(resolve => this.#socket.once('close', () => resolve()));
  }

  open(handler: ConnectionHandler): void {
    this.#handler = handler;
    this.#socket.on('data', chunk => this.#received(chunk));
    this.#socket.on('end', () => this.#end());
    this.#socket.on('close', () => this.#end());
    this.#socket.resume();
  }

  send(data: Uint8Array, left?: (done: boolean) => void): void {
    this.#sent++;
    if (!this.#isOpen) {
      if (left !== undefined) process.nextTick(left, false);
      return;
    }
    corkForThisTurn(this.#socket);
    this.#socket.write(data);
    this.#socket.write('\n', left && (error => left(error === undefined || error === null)));
  }

  sendAck(ack: Ack): void {
    this.send(Buffer.from(formatAck(ack), 'latin1'));
  }

  close(_reason: CloseReason): void {
    if (!this.#isOpen) return;
    this.#intake.clear();
    this.#socket.end();
    // what still comes is read and dropped, or the end of it would never be seen
    this.#socket.resume();
    this.#ending();
    this.#end();
  }

  async takeLine(line: Uint8Array): Promise<void> {
    const sent = this.#sent;
    if (line.length > this.#maxLength) return this.close('tooBig');
    if (line.length > 0) await this.#deal(line);
    // the socket may have been told to end meanwhile
    if (this.#sent === sent && this.#isOpen) this.#nod();
  }

  setReading(isReading: boolean): void {
    if (isReading) this.#socket.resume();
    else if (this.#isOpen) this.#socket.pause();
  }

  /** The empty answer. Who asks for more of them than he takes is cut off. */
  #nod(): void {
    if (++this.#nods > maxNods) {
      this.#intake.clear();
      this.#socket.destroy();
      this.#end();
      return;
    }
    corkForThisTurn(this.#socket);
    this.#socket.write('\n', this.#nodded);
  }

  readonly #nodded = (): void => {
    this.#nods--;
  };

  async #deal(line: Uint8Array): Promise<void> {
    const ack = looksLikeAck(line) ? parseAck(line) : undefined;
    if (ack === undefined) await this.#handler?.package(line);
    else this.#handler?.acknowledged(ack);
  }

  #received(chunk: Buffer): void {
    if (!this.#isOpen) return;
    const end = chunk.lastIndexOf(lineEnd);
    const whole = end < 0 ? undefined : chunk.subarray(0, end);
    if (whole !== undefined) {
      const payload = this.#restBytes === 0 ? whole : Buffer.concat([...this.#rest, whole]);
      this.#rest = [];
      this.#restBytes = 0;
      this.#intake.push(payload);
    }
    if (end + 1 < chunk.length) this.#rest.push(chunk.subarray(end + 1));
    this.#restBytes += chunk.length - end - 1;
    // a piece costs more than its bytes, and they may come one by one
    if (this.#rest.length > maxPieces) this.#rest = [Buffer.concat(this.#rest)];
    if (this.#restBytes > this.#maxLength) this.close('tooBig');
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#handler?.closed();
  }
}
