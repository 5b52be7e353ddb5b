import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Kinds of frames, by the number in their first byte. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame of a client. */
export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** What a script does with a connection. */
export interface Script {
  /** Another answer to the request; of both generations when absent. Undefined for none. */
  readonly answer?: (accept: string) => string | undefined;
  opened?(peer: RawPeer): void;
  frame(frame: ClientFrame, peer: RawPeer): void;
  closed?(peer: RawPeer): void;
}

/** The answer of both generations, byte by byte (transport.md 2). */
export function stationAnswer(accept: string): string {
  return [
    'HTTP/1.1 101 Switching Protocol',
    'Server: DIM-Station',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'WebSocket-Protocol: DIMP',
    `Sec-WebSocket-Accept: ${accept}`,
    '\r\n',
  ].join('\r\n');
}

/** The far end of one connection: bytes over TCP, no library in between. */
export class RawPeer {
  readonly socket: Socket;
  /** What came, in order. */
  readonly frames: ClientFrame[] = [];
  /** The request, as it came. */
  request = '';
  #data: Buffer = Buffer.alloc(0);
  readonly #script: Script;

  constructor(socket: Socket, script: Script) {
    this.socket = socket;
    this.#script = script;
    socket.setNoDelay(true);
    socket.on('data', data => this.#read(data));
    socket.on('error', () => undefined);
    socket.on('close', () => script.closed?.(this));
  }

  /** A text frame: unmasked, in one piece, with the length in 7, 16 or 64 bits. */
  text(text: string | Uint8Array): void {
    this.frame(opcodes.text, Buffer.from(text));
  }

  frame(opcode: number, payload: Buffer): void {
    this.write(Buffer.concat([frameHead(opcode, payload.length), payload]));
  }

  write(data: Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(data);
  }

  /** Ends without a word. */
  drop(): void {
    this.socket.destroy();
  }

  #read(data: Buffer): void {
    this.#data = Buffer.concat([this.#data, data]);
    if (this.request === '') this.#readRequest();
    if (this.request === '') return;
    for (let frame = this.#readFrame(); frame !== undefined; frame = this.#readFrame()) {
      this.frames.push(frame);
      this.#script.frame(frame, this);
    }
  }

  #readRequest(): void {
    const end = this.#data.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.request = this.#data.subarray(0, end).toString();
    this.#data = this.#data.subarray(end + 4);
    const key = /^sec-websocket-key: *(\S+)/im.exec(this.request)?.[1] ?? '';
    const accept = createHash('sha1')
      .update(key + acceptSuffix)
      .digest('base64');
    const answer = (this.#script.answer ?? stationAnswer)(accept);
    if (answer === undefined) return;
    this.write(Buffer.from(answer));
    this.#script.opened?.(this);
  }

  #readFrame(): ClientFrame | undefined {
    const data = this.#data;
    if (data.length < 2) return undefined;
    const short = data.readUInt8(1) & 0x7f;
    const head = { 126: 4, 127: 10 }[short] ?? 2;
    if (data.length < head + 4) return undefined;
    const length =
      short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
    if (data.length < head + 4 + length) return undefined;
    const mask = data.subarray(head, head + 4);
    const payload = Buffer.from(data.subarray(head + 4, head + 4 + length));
    for (let index = 0; index < length; index++)
      payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
    this.#data = data.subarray(head + 4 + length);
    return { opcode: data.readUInt8(0) & 0x0f, payload };
  }
}

/** The first bytes of a frame of a station. */
export function frameHead(opcode: number, length: number): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, length]);
  const long = length > 0xffff;
  const head = Buffer.alloc(long ? 10 : 4, 0);
  head[0] = first;
  head[1] = long ? 127 : 126;
  if (long) head.writeBigUInt64BE(BigInt(length), 2);
  else head.writeUInt16BE(length, 2);
  return head;
}

/**
 * Listens on loopback, at the port given or one that nobody has. Not one from the range that systems take ports of
 * clients from: who tries a port there while nobody listens may come to be connected with himself, or find it taken.
 */
export class RawServer {
  readonly peers: RawPeer[] = [];
  readonly #server: Server;
  #port = 0;

  constructor(script: Script) {
    this.#server = createServer(socket => void this.peers.push(new RawPeer(socket, script)));
  }

  async listen(port?: number): Promise<this> {
    for (;;) {
      this.#port = port ?? randomInt(10_000, 30_000);
      try {
        await once(this.#server.listen(this.#port, '127.0.0.1'), 'listening');
        return this;
      } catch (error) {
        if (port !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      }
    }
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  /** The newest connection. */
  get peer(): RawPeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error('nobody has connected');
    return peer;
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    if (this.#server.listening) await new Promise(resolve => this.#server.close(resolve));
  }
}
