import { concatBytes } from '@dimp/crypto';
import { md5 } from '@dimp/crypto/digest';
import { encodeHex } from '@dimp/crypto/format';
import { streamOf } from './byte-streams.js';
import type { DownloadOptions, FileHost, UploadOptions } from './file-host.js';

/** How a file host in memory is made. */
export interface MemoryFileHostOptions {
  /** What URLs begin with; the hex MD5 of the file follows. */
  readonly baseUrl?: string;
}

/**
 * A file host in memory, **for tests and demonstrations**: it forgets nothing until it is gone, and asks
 * nobody who he is.
 */
export class MemoryFileHost implements FileHost {
  /** Whether it answers. Switched off it refuses every file and has none. */
  enabled = true;
  readonly #baseUrl: string;
  readonly #files = new Map<string, Uint8Array>();

  constructor(options: MemoryFileHostOptions = {}) {
    this.#baseUrl = options.baseUrl ?? 'http://files.example.test/';
  }

  async upload(
    data: Uint8Array | ReadableStream<Uint8Array>,
    options: UploadOptions,
  ): Promise<string | undefined> {
    const { onProgress, signal, size } = options;
    const total = data instanceof Uint8Array ? data.length : size;
    const stream = streamOf(data);
    // with a signal that was aborted the pipe below cancels the stream and rejects
    if (!this.enabled && !signal?.aborted) {
      await stream.cancel();
      return undefined;
    }
    const parts: Uint8Array[] = [];
    let done = 0;
    const write = (chunk: Uint8Array): void => {
      parts.push(chunk.slice());
      done += chunk.length;
      onProgress?.(done, total);
    };
    await stream.pipeTo(new WritableStream({ write }), signal && { signal });
    const file = concatBytes(...parts);
    const url = `${this.#baseUrl}${encodeHex(md5(file))}`;
    this.#files.set(url, file);
    return url;
  }

  async download(
    url: string,
    options: DownloadOptions = {},
  ): Promise<ReadableStream<Uint8Array> | undefined> {
    const { onProgress, signal } = options;
    signal?.throwIfAborted();
    const file = this.enabled ? this.#files.get(url) : undefined;
    if (file === undefined) return undefined;
    let done = 0;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        done += chunk.length;
        onProgress?.(done, file.length);
        controller.enqueue(chunk);
      },
    });
    return streamOf(file).pipeThrough(count, signal && { signal });
  }

  /** Puts a file in place of whatever stood there. */
  put(url: string, data: Uint8Array): void {
    this.#files.set(url, data.slice());
  }

  /** A copy of the file; undefined when there is none. */
  get(url: string): Uint8Array | undefined {
    return this.#files.get(url)?.slice();
  }

  /** Where files stand, oldest first. */
  urls(): readonly string[] {
    return [...this.#files.keys()];
  }
}
