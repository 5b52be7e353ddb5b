import { TransportError } from '@dimp/sdk';

/** Bytes in one piece where they are cut out of a whole. */
const chunkBytes = 65_536;

/**
 * What is uploaded, piece by piece, and again from the start as long as that is held: bytes always are, of a stream so
 * many bytes as the owner lets it keep.
 */
export class UploadSource {
  /** All of it, when known. */
  readonly size: number | undefined;
  /** What the stream failed with. */
  failure: { readonly error: unknown } | undefined;
  readonly #data: Uint8Array | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #keepBytes: number;
  #chunks: Uint8Array[] = [];
  /** Pieces before the first that is held. */
  #dropped = 0;
  #came = 0;
  #isEnded = false;
  #reading: Promise<void> | undefined;

  constructor(data: Uint8Array | ReadableStream<Uint8Array>, size: number | undefined, keepBytes: number) {
    this.#keepBytes = keepBytes;
    if (data instanceof Uint8Array) {
      this.#data = data;
      this.size = data.length;
    } else {
      this.#reader = data.getReader();
      this.size = size;
    }
  }

  /** Bytes that came so far. */
  get bytes(): number {
    return this.#data?.length ?? this.#came;
  }

  /** Whether it can be given from the start. */
  get canRestart(): boolean {
    return this.failure === undefined && this.#dropped === 0;
  }

  /**
   * The piece of this number; undefined behind the last. Asked for in turn, and from 0 again while `canRestart`.
   * @throws what the stream failed with
   */
  async chunk(index: number): Promise<Uint8Array | undefined> {
    if (this.#data !== undefined) {
      const start = index * chunkBytes;
      return start < this.#data.length ? this.#data.subarray(start, start + chunkBytes) : undefined;
    }
    // a try that was given up may have left a read under way: its piece is the next one of this try
    while (index >= this.#dropped + this.#chunks.length && !this.#isEnded && this.failure === undefined) {
      this.#reading ??= this.#read();
      await this.#reading;
    }
    // a try that was given up took a piece that this one needs: never a file with a hole
    if (index < this.#dropped) throw new TransportError('The stream cannot begin again.', { isFinal: true });
    const chunk = this.#chunks[index - this.#dropped];
    if (chunk === undefined && this.failure !== undefined) throw this.failure.error;
    if (chunk !== undefined && this.#came > this.#keepBytes) {
      this.#chunks.splice(0, index + 1 - this.#dropped);
      this.#dropped = index + 1;
    }
    return chunk;
  }

  /** Nobody reads on. */
  async close(reason?: unknown): Promise<void> {
    if (this.#reader === undefined || this.#isEnded || this.failure !== undefined) return;
    this.#isEnded = true;
    await this.#reader.cancel(reason);
  }

  async #read(): Promise<void> {
    try {
      const result = await this.#reader?.read();
      if (result === undefined || result.done) {
        this.#isEnded = true;
      } else {
        // copied: the giver may use its memory again once the piece was taken
        this.#chunks.push(result.value.slice());
        this.#came += result.value.length;
      }
    } catch (error) {
      this.failure = { error };
    } finally {
      this.#reading = undefined;
    }
  }
}
