import { type DownloadOptions, TransportError } from '@dimp/sdk';
import { Call, refusal } from './call.js';
import { pauseAfter, type RetryRules } from './pause.js';

/** What a download is told beside its URL. */
export interface DownloadRules {
  readonly maxBytes: number;
  readonly stallSeconds: number;
  readonly retry: RetryRules;
}

/** So much must have come for a break to count as a first one again. */
const progressBytes = 65_536;

/**
 * A file while it comes. When the connection breaks it goes on where it stopped, if the host says that it has the same
 * bytes still: by `ETag` and `If-Range`.
 */
export class Download {
  readonly #url: URL;
  readonly #rules: DownloadRules;
  readonly #options: DownloadOptions;
  #call: Call;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #tag: string | undefined;
  #total: number | undefined;
  #done = 0;
  #failures = 0;
  #doneAtBreak = 0;

  constructor(url: URL, rules: DownloadRules, options: DownloadOptions) {
    this.#url = url;
    this.#rules = rules;
    this.#options = options;
    this.#call = new Call(rules.stallSeconds, options.signal);
  }

  /** Asks for the file: false when the host has none. */
  async open(): Promise<boolean> {
    const response = await this.#get({});
    if (response.status === 404 || response.status === 410) {
      this.#call.end();
      return false;
    }
    if (response.status !== 200) throw this.#refused(response);
    const tag = response.headers.get('etag');
    const isCoded = (response.headers.get('content-encoding') ?? 'identity') !== 'identity';
    // a weak tag does not mean the same bytes, and pieces of a coded file are pieces of something else
    this.#tag = tag === null || tag.startsWith('W/') || isCoded ? undefined : tag;
    const length = response.headers.get('content-length') ?? '';
    this.#total = /^[0-9]{1,15}$/.test(length) && !isCoded ? Number(length) : undefined;
    this.#checkSize(this.#total ?? 0);
    return true;
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async controller => {
          const chunk = await this.#next();
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
        },
        cancel: () => this.#call.end(),
      },
      { highWaterMark: 0 },
    );
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { onProgress, signal } = this.#options;
    for (;;) {
      const result = await this.#read();
      if (result instanceof TransportError) {
        await this.#resume(result);
        continue;
      }
      signal?.throwIfAborted();
      if (result === undefined) {
        this.#call.end();
        return undefined;
      }
      this.#done += result.length;
      this.#checkSize(this.#done);
      if (result.length === 0) continue;
      onProgress?.(this.#done, this.#total);
      return result;
    }
  }

  /** A piece; undefined at the end; an error when it broke before. */
  async #read(): Promise<Uint8Array | TransportError | undefined> {
    const reader = this.#reader;
    try {
      const { done, value } = reader ? await this.#call.waitFor(() => reader.read()) : endOfFile;
      if (!done) return value;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (error instanceof TransportError) return error;
      throw error;
    }
    if (this.#total === undefined || this.#done === this.#total) return undefined;
    return new TransportError('The file ended before its end.', { code: 'ERR_FILE_HOST' });
  }

  /** @throws {TransportError} it cannot go on, or was tried often enough */
  async #resume(broken: TransportError): Promise<void> {
    let error = broken;
    if (this.#done - this.#doneAtBreak >= progressBytes) this.#failures = 0;
    this.#doneAtBreak = this.#done;
    for (;;) {
      this.#call.end();
      if (this.#tag === undefined && this.#done > 0) throw error;
      await pauseAfter(error, this.#failures++, this.#rules.retry, this.#options.signal);
      this.#call = new Call(this.#rules.stallSeconds, this.#options.signal);
      try {
        await this.#reopen();
        return;
      } catch (next) {
        if (!(next instanceof TransportError)) throw next;
        error = next;
      }
    }
  }

  async #reopen(): Promise<void> {
    if (this.#done === 0) {
      if (await this.open()) return;
      throw changed();
    }
    const tag = this.#tag as string;
    const response = await this.#get({ range: `bytes=${this.#done}-`, 'if-range': tag });
    // whole again: something else stands there now, or the host gives no pieces
    if (response.status === 200 || response.status === 416) throw changed();
    if (response.status !== 206) throw this.#refused(response);
    const [, start, end, total] = /^bytes ([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15})$/.exec(
      response.headers.get('content-range') ?? '',
    ) ?? ['', '', '', ''];
    this.#total ??= Number(total);
    const isRest =
      Number(start) === this.#done && Number(total) === this.#total && Number(end) === this.#total - 1;
    if (!isRest || (response.headers.get('etag') ?? tag) !== tag) throw changed();
  }

  async #get(headers: Readonly<Record<string, string>>): Promise<Response> {
    const init = { headers: { ...headers, accept: '*/*', 'accept-encoding': 'identity' } };
    const response = await this.#call.send(this.#url, init);
    this.#reader = response.body?.getReader();
    return response;
  }

  #refused({ status, headers }: Response): TransportError {
    this.#call.end();
    return refusal(status, headers, '');
  }

  #checkSize(bytes: number): void {
    const { maxBytes } = this.#rules;
    const isMore = this.#total !== undefined && bytes > this.#total;
    if (bytes <= maxBytes && !isMore) return;
    this.#call.end();
    throw new TransportError(
      `The file is larger than ${isMore ? 'it was said to be' : `${maxBytes} bytes`}.`,
      {
        code: 'ERR_FILE_HOST_SIZE',
        isFinal: true,
      },
    );
  }
}

const endOfFile = { done: true, value: undefined } as const;

function changed(): TransportError {
  return new TransportError('The connection broke, and the file host has not the same file any more.', {
    code: 'ERR_FILE_HOST_CHANGED',
    isFinal: true,
  });
}
