import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Payloads from here on are not copied. */
const largePayload = 16_384;
/** The first byte of a text message that is whole. */
const wholeText = 0x81;

/** A payload that waits: bytes, or text of one byte a letter. */
type Payload = Uint8Array | string;

/**
 * Writes WebSocket text messages to a stream, all of one turn in one piece: a sync of the disk sets many packages and
 * acknowledgements free at once, and most of what one of them costs is the call of the system.
 */
export class FrameWriter {
  readonly #stream: Duplex;
  readonly #socket: Pick<WebSocket, 'readyState' | 'OPEN'>;
  #payloads: Payload[] | undefined;
  #listeners: ((done: boolean) => void)[] | undefined;
  #bytes = 0;

  /** @param socket the WebSocket whose stream it is: when it has said that it ends, nothing may follow */
  constructor(stream: Duplex, socket: Pick<WebSocket, 'readyState' | 'OPEN'>) {
    this.#stream = stream;
    this.#socket = socket;
  }

  /** Bytes that wait for the end of the turn. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param left hears once whether it went to the network */
  write(payload: Payload, left?: (done: boolean) => void): void {
    if (this.#payloads === undefined) {
      this.#payloads = [];
      process.nextTick(flush, this);
    }
    this.#payloads.push(payload);
    this.#bytes += payload.length;
    if (left !== undefined) {
      this.#listeners ??= [];
      this.#listeners.push(left);
    }
  }

  /** Writes what waits. What is to be written by others comes behind it. */
  flush(): void {
    const { payloads, listeners } = this.#take();
    if (payloads === undefined) return;
    if (this.#socket.readyState !== this.#socket.OPEN) {
      tell(listeners, false);
      return;
    }
    const pieces = formatFrames(payloads);
    const told =
      listeners && ((error?: Error | null) => tell(listeners, error === undefined || error === null));
    this.#stream.cork();
    for (const [index, piece] of pieces.entries()) {
      this.#stream.write(piece, index === pieces.length - 1 ? told : undefined);
    }
    this.#stream.uncork();
  }

  #take(): {
    readonly payloads: readonly Payload[] | undefined;
    readonly listeners: readonly ((done: boolean) => void)[] | undefined;
  } {
    const taken = { payloads: this.#payloads, listeners: this.#listeners };
    this.#payloads = undefined;
    this.#listeners = undefined;
    this.#bytes = 0;
    return taken;
  }
}

function flush(writer: FrameWriter): void {
  writer.flush();
}

function tell(listeners: readonly ((done: boolean) => void)[] | undefined, done: boolean): void {
  for (const listener of listeners ?? []) listener(done);
}

/** Small frames in one piece, large payloads as they are. */
function formatFrames(payloads: readonly Payload[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < payloads.length; ) {
    let size = 0;
    let end = start;
    for (; end < payloads.length; end++) {
      const { length } = payloads[end] as Payload;
      size += headBytes(length);
      if (length >= largePayload) break;
      size += length;
    }
    const piece = Buffer.allocUnsafe(size);
    let at = 0;
    for (const payload of payloads.slice(start, end)) {
      at = writeHead(piece, at, payload.length);
      if (typeof payload === 'string') piece.write(payload, at, 'latin1');
      else piece.set(payload, at);
      at += payload.length;
    }
    pieces.push(piece);
    const large = payloads[end];
    if (large !== undefined) {
      writeHead(piece, at, large.length);
      pieces.push(typeof large === 'string' ? Buffer.from(large, 'latin1') : large);
    }
    start = end + 1;
  }
  return pieces;
}

function headBytes(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

/** @returns where the payload begins. Nothing is masked: that is for clients. */
function writeHead(piece: Buffer, at: number, length: number): number {
  piece[at] = wholeText;
  if (length < 126) {
    piece[at + 1] = length;
  } else if (length < 65_536) {
    piece[at + 1] = 126;
    piece.writeUInt16BE(length, at + 2);
  } else {
    piece[at + 1] = 127;
    piece.writeUIntBE(0, at + 2, 2);
    piece.writeUIntBE(length, at + 4, 6);
  }
  return at + headBytes(length);
}
