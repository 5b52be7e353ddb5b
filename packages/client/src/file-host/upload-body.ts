import { LimitError, randomBytes } from '@dimp/crypto';
import { encodeHex, encodeUtf8 } from '@dimp/crypto/format';
import { TransportError } from '@dimp/sdk';
import type { Call } from './call.js';
import type { UploadSource } from './upload-source.js';

/** How a body is made. */
export interface UploadBodyOptions {
  readonly filename: string;
  /** Whether requests take streams here. */
  readonly streams: boolean;
  /** Bytes of a file that is collected where they take none. */
  readonly collectBytes: number;
  /** Told of all bytes of the file that went out so far. */
  readonly sent: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** A file as the form that its upload is, for one try after the other. */
export class UploadBody {
  readonly #source: UploadSource;
  readonly #options: UploadBodyOptions;
  readonly #boundary = encodeHex(randomBytes(16));
  readonly #before: Uint8Array;
  readonly #after: Uint8Array;
  #whole: Blob | undefined;

  constructor(source: UploadSource, options: UploadBodyOptions) {
    this.#source = source;
    this.#options = options;
    // as browsers write them: a name is not to end its header
    const name = options.filename.replace(/["\r\n]/g, letter => encodeURIComponent(letter));
    this.#before = encodeUtf8(
      `--${this.#boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    );
    this.#after = encodeUtf8(`\r\n--${this.#boundary}--\r\n`);
  }

  /** Whether there can be another try. */
  get canRestart(): boolean {
    return this.#whole !== undefined || this.#source.canRestart;
  }

  /** What a request needs to carry it. */
  async request(call: Call, headers: Readonly<Record<string, string>>): Promise<RequestInit> {
    const type = { ...headers, 'content-type': `multipart/form-data; boundary=${this.#boundary}` };
    if (!this.#options.streams) return { headers: type, body: await this.#collect() };
    const { size } = this.#source;
    // old hosts read no request whose length is not told
    const length = size === undefined ? undefined : this.#before.length + size + this.#after.length;
    return {
      headers: { ...type, ...(length !== undefined && { 'content-length': String(length) }) },
      body: this.#stream(call),
      ...{ duplex: 'half' },
    };
  }

  #stream(call: Call): ReadableStream<Uint8Array> {
    const [source, after] = [this.#source, this.#after];
    let [next, done] = [0, 0];
    return new ReadableStream<Uint8Array>({
      start: controller => controller.enqueue(this.#before),
      pull: async controller => {
        // what is waited for here is the file, not the network
        call.hold();
        const chunk = await source.chunk(next++);
        call.resume();
        if (chunk === undefined) {
          this.#checkSize(done);
          controller.enqueue(after);
          controller.close();
          return;
        }
        done += chunk.length;
        this.#options.sent(done);
        // a copy: the network may keep the piece as its own, and another try needs it
        controller.enqueue(chunk.slice());
      },
    });
  }

  async #collect(): Promise<Blob> {
    if (this.#whole !== undefined) return this.#whole;
    const { collectBytes, signal } = this.#options;
    const parts = [this.#before];
    let done = 0;
    for (let index = 0; ; index++) {
      const chunk = await this.#source.chunk(index);
      signal?.throwIfAborted();
      if (chunk === undefined) break;
      done += chunk.length;
      if (done > collectBytes)
        throw new LimitError('File', `expected at most ${collectBytes} bytes to collect`);
      parts.push(chunk);
    }
    this.#checkSize(done);
    this.#whole = new Blob([...parts, this.#after] as BlobPart[]);
    return this.#whole;
  }

  #checkSize(done: number): void {
    const { size } = this.#source;
    if (size === undefined || size === done) return;
    throw new TransportError(`The file has ${done} bytes in place of the ${size} that were told.`, {
      code: 'ERR_FILE_HOST_SIZE',
      isFinal: true,
    });
  }
}
