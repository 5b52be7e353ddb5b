import { Duplex } from 'node:stream';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { FrameWriter } from '../src/framings/frame-writer.js';

/** A stream that keeps what is written to it. */
class Sink extends Duplex {
  readonly pieces: Buffer[] = [];
  override _read(): void {}
  override _write(piece: Buffer, _: unknown, done: () => void): void {
    this.pieces.push(piece);
    done();
  }
}

const turn = (): Promise<void> => new Promise(setImmediate);
const open = { readyState: 1, OPEN: 1 } as const;

/** The payloads of frames that are text, whole and not masked. */
function read(pieces: readonly Buffer[]): string[] {
  const bytes = Buffer.concat(pieces);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x81);
    let size = bytes[at + 1] as number;
    at += 2;
    if (size === 126) {
      size = bytes.readUInt16BE(at);
      expect(size).toBeGreaterThan(125);
      at += 2;
    } else if (size === 127) {
      size = Number(bytes.readBigUInt64BE(at));
      expect(size).toBeGreaterThan(65_535);
      at += 8;
    }
    texts.push(bytes.toString('latin1', at, at + size));
    at += size;
  }
  return texts;
}

/** Around the lengths where a frame or its treatment changes. */
const length = fc.oneof(
  fc.nat(300),
  fc.constantFrom(125, 126, 127, 16_383, 16_384, 16_385, 65_535, 65_536, 70_000),
);

test.prop([fc.array(fc.tuple(length, fc.boolean()), { maxLength: 12 })])(
  'what is written in one turn can be read as it was, in order',
  async payloads => {
    const sink = new Sink();
    const writer = new FrameWriter(sink, open);
    const texts = payloads.map(([size], index) => String.fromCharCode(97 + index).repeat(size));
    const left: number[] = [];
    for (const [index, [, isText]] of payloads.entries()) {
      const text = texts[index] as string;
      writer.write(isText ? text : Buffer.from(text), done => done && left.push(index));
    }
    expect(writer.bytes).toBe(texts.join('').length);
    expect(sink.pieces).toEqual([]);
    await turn();
    expect(read(sink.pieces)).toEqual(texts);
    expect(left).toEqual(texts.map((_, index) => index));
    expect(writer.bytes).toBe(0);
  },
);

describe('a writer of frames', () => {
  it('makes one piece of what is small', async () => {
    const sink = new Sink();
    const writer = new FrameWriter(sink, open);
    for (let number = 0; number < 20; number++) writer.write(`message ${number}`);
    await turn();
    expect(sink.pieces.length).toBe(1);
  });

  it('tells that nothing left when the stream is gone', async () => {
    const sink = new Sink();
    sink.on('error', () => {});
    const writer = new FrameWriter(sink, open);
    const left: boolean[] = [];
    sink.destroy();
    writer.write('a', done => left.push(done));
    await turn();
    expect(left).toEqual([false]);
  });

  it('writes nothing behind the end of the connection', async () => {
    const sink = new Sink();
    const socket: { readyState: 1 | 2; readonly OPEN: 1 } = { readyState: 1, OPEN: 1 };
    const writer = new FrameWriter(sink, socket);
    const left: boolean[] = [];
    writer.write('a', done => left.push(done));
    socket.readyState = 2;
    await turn();
    expect([left, sink.pieces]).toEqual([[false], []]);
  });

  it('writes before the end of the turn when it must', () => {
    const sink = new Sink();
    const writer = new FrameWriter(sink, open);
    writer.write('a');
    writer.flush();
    expect(Buffer.concat(sink.pieces).toString('latin1')).toBe('\x81\x01a');
    writer.flush();
    expect(sink.pieces.length).toBe(1);
  });
});
