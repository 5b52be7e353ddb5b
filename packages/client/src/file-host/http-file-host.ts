import type { Awaitable } from '@dimp/mkm';
import { type DownloadOptions, type FileHost, TransportError, type UploadOptions } from '@dimp/sdk';
import { checkFile, checkHostOptions } from '../check-arguments.js';
import { Call, readText } from './call.js';
import { Download } from './download-stream.js';
import { type RetryOptions, type RetryRules, retryRules, withRetries } from './pause.js';
import { maxAnswerBytes, readUploadAnswer } from './upload-answer.js';
import { UploadBody } from './upload-body.js';
import { UploadSource } from './upload-source.js';
import { AllowedOrigins, parseHttpUrl } from './urls.js';

/** Where uploads go, and by what right: what a station says when a handshake has succeeded. */
export interface UploadPass {
  /** `{ID}` in it stands for the address of the sender. */
  readonly url: string;
  /** Goes along as `Authorization: Bearer`. Old hosts want none. */
  readonly token?: string | undefined;
}

/** Knows the upload pass that is good now, as after each handshake there is another one. */
export interface FileSession {
  /** Undefined while there is none: files then go without the host. */
  upload(): Awaitable<UploadPass | undefined>;
}

/** How a file host is reached. */
export interface HttpFileHostOptions extends RetryOptions {
  readonly session: FileSession;
  /** Origins that files are fetched from beside those of the session's uploads, as `https://files.example.org`. */
  readonly allow?: readonly string[];
  /** What an encrypted file is called; `data.bin` when absent. Old hosts want an ending that they know. */
  readonly filename?: string;
  /** Bytes of a file that is fetched; 1 GiB when absent. Who opens it may want fewer. */
  readonly maxDownloadBytes?: number;
  /** Bytes of a stream that are held so that a broken upload can begin again; 1 MiB when absent. */
  readonly keepBytes?: number;
  /**
   * Bytes of a file that is collected before it is uploaded, where requests take no streams: in browsers. 64 MiB when
   * absent.
   */
  readonly collectBytes?: number;
  /** Whether requests take streams; true in Node, false in browsers, when absent. */
  readonly streams?: boolean;
  /** Seconds in which something has to move; 30 when absent. */
  readonly stallSeconds?: number;
}

/**
 * Files on the HTTP host of a station, and on the file servers of both generations (transport.md 15).
 *
 * It fetches from its own host and from origins it was told, and follows nobody to another. Errors are `TransportError`:
 * `ERR_FILE_HOST` the connection, `ERR_FILE_HOST_STALLED`, `ERR_FILE_HOST_413` and the like for answers,
 * `ERR_FILE_HOST_SIZE`, `ERR_FILE_HOST_CHANGED`, `ERR_FILE_HOST_MOVED`, `ERR_FILE_HOST_ANSWER`, `ERR_FILE_HOST_URL`.
 */
export class HttpFileHost implements FileHost {
  readonly #options: HttpFileHostOptions;
  readonly #retry: RetryRules;
  readonly #stallSeconds: number;
  readonly #allowed: AllowedOrigins;
  readonly #streams: boolean;

  /** @throws {TypeError} there is no session @throws {UsageError} an origin of `allow` is none */
  constructor(options: HttpFileHostOptions) {
    checkHostOptions(options);
    this.#options = options;
    this.#retry = retryRules(options);
    this.#stallSeconds = options.stallSeconds ?? 30;
    this.#allowed = new AllowedOrigins(options.allow ?? []);
    this.#streams = options.streams ?? isServerSide();
  }

  async upload(
    data: Uint8Array | ReadableStream<Uint8Array>,
    options: UploadOptions,
  ): Promise<string | undefined> {
    const { signal } = options;
    const { keepBytes = 1_048_576, collectBytes = 67_108_864, filename = 'data.bin' } = this.#options;
    checkFile(data);
    const source = new UploadSource(data, options.size, keepBytes);
    try {
      signal?.throwIfAborted();
      const sent = progressOf(source, options);
      const body = new UploadBody(source, {
        filename: options.filename ?? filename,
        streams: this.#streams,
        collectBytes,
        sent,
        signal,
      });
      const work = () => this.#uploadOnce(body, options);
      const url = await withRetries(work, this.#retry, signal, () => body.canRestart);
      if (url !== undefined) sent(source.bytes);
      return url;
    } catch (error) {
      signal?.throwIfAborted();
      // what is wrong with the file says more than the request that it broke
      throw source.failure === undefined ? error : source.failure.error;
    } finally {
      await source.close(signal?.reason);
    }
  }

  async download(
    url: string,
    options: DownloadOptions = {},
  ): Promise<ReadableStream<Uint8Array> | undefined> {
    const { signal } = options;
    signal?.throwIfAborted();
    const place = parseHttpUrl(url);
    const pass = await this.#options.session.upload();
    if (pass !== undefined) this.#allowed.add(parseUploadUrl(pass.url));
    if (place === undefined || !this.#allowed.has(place)) return undefined;
    const { maxDownloadBytes: maxBytes = 1_073_741_824 } = this.#options;
    const rules = { maxBytes, retry: this.#retry, stallSeconds: this.#stallSeconds };
    return await withRetries(
      async () => {
        const download = new Download(place, rules, options);
        return (await download.open()) ? download.stream() : undefined;
      },
      this.#retry,
      signal,
    );
  }

  async #uploadOnce(body: UploadBody, { sender, signal }: UploadOptions): Promise<string | undefined> {
    const pass = await this.#options.session.upload();
    if (pass === undefined) return undefined;
    const address = sender.address.text;
    const target = parseUploadUrl(pass.url.replaceAll('{ID}', address));
    this.#allowed.add(target);
    const call = new Call(this.#stallSeconds, signal);
    try {
      const token = pass.token !== undefined && { authorization: `Bearer ${pass.token}` };
      const init = await body.request(call, { accept: 'application/json', ...token });
      const response = await call.send(target, { ...init, method: 'POST' });
      const text = await readText(response, maxAnswerBytes, call);
      return readUploadAnswer(text, response, target, address);
    } catch (error) {
      throw (await this.#isOutdated(error, pass)) ? renewed(error) : error;
    } finally {
      call.end();
    }
  }

  /** Whether the host refused a token in place of which there is another one by now. */
  async #isOutdated(error: unknown, { token }: UploadPass): Promise<boolean> {
    if (!(error instanceof TransportError) || error.code !== 'ERR_FILE_HOST_401') return false;
    const now = await this.#options.session.upload();
    return now !== undefined && now.token !== token;
  }
}

/** Tells how far an upload is; a try that begins again does not make it less. */
function progressOf(source: UploadSource, { onProgress }: UploadOptions): (bytes: number) => void {
  let most = -1;
  return bytes => {
    if (bytes <= most) return;
    most = bytes;
    onProgress?.(bytes, source.size);
  };
}

function parseUploadUrl(text: string): URL {
  const url = parseHttpUrl(text);
  if (url !== undefined) return url;
  throw new TransportError('The session gives no URL that files could be uploaded to.', {
    code: 'ERR_FILE_HOST_URL',
    isFinal: true,
  });
}

function renewed(cause: unknown): TransportError {
  return new TransportError('The token was another one meanwhile.', {
    code: 'ERR_FILE_HOST_401',
    retryAfter: 0,
    cause,
  });
}

/** Browsers send streams over HTTP/2 only, and stations speak HTTP/1.1. */
function isServerSide(): boolean {
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly node?: string } } };
  return process?.versions?.node !== undefined;
}
