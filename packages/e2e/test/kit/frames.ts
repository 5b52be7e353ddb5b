/** A piece of a WebSocket connection that can stand alone. */
export interface Piece {
  /** As it came, head and mask included. */
  readonly bytes: Buffer;
  /** What a data frame says; undefined for the rest. */
  readonly text?: string;
}

/** Cuts a stream into the request or answer at its beginning, and frames. */
export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);
  #isHeadDone = false;

  /** All pieces that are whole now. */
  take(data: Buffer): readonly Piece[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const pieces: Piece[] = [];
    for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
      this.#rest = this.#rest.subarray(piece.bytes.length);
      pieces.push(piece);
    }
    return pieces;
  }

  #next(): Piece | undefined {
    if (this.#isHeadDone) return readFrame(this.#rest);
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    this.#isHeadDone = true;
    return { bytes: this.#rest.subarray(0, end + 4) };
  }
}

function readFrame(data: Buffer): Piece | undefined {
  if (data.length < 2) return undefined;
  const [first = 0, second = 0] = data;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const head = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (data.length < head) return undefined;
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  if (data.length < head + length) return undefined;
  const bytes = data.subarray(0, head + length);
  const opcode = first & 0x0f;
  if (opcode !== 1 && opcode !== 2) return { bytes };
  const payload = bytes.subarray(head);
  const mask = bytes.subarray(head - 4, head);
  const text = isMasked ? payload.map((byte, index) => byte ^ (mask[index % 4] as number)) : payload;
  return { bytes, text: text.toString() };
}

/** The head of a frame of a client, with a mask of zeros, which is one like any other. */
export function frameHead(opcode: number, length: number): Buffer {
  const head = Buffer.alloc(14);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
