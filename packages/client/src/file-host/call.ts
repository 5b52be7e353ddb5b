import { TransportError } from '@dimp/sdk';

/** Answers after which the same request may succeed another time. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What goes with every request: nothing that the page or an earlier answer left, and no way to elsewhere. */
const alone: RequestInit = {
  cache: 'no-store',
  credentials: 'omit',
  redirect: 'manual',
  referrerPolicy: 'no-referrer',
};

/** One request, which is given up when nothing moves for too long. */
export class Call {
  readonly #signal: AbortSignal | undefined;
  readonly #stallSeconds: number;
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isEnded = false;

  constructor(stallSeconds: number, signal: AbortSignal | undefined) {
    this.#stallSeconds = stallSeconds;
    this.#signal = signal;
  }

  /**
   * Sends the request; resolves with the head of the answer.
   * @throws {TransportError} no connection, it stood still, or the answer points elsewhere
   */
  async send(url: URL, init: RequestInit): Promise<Response> {
    const signals = [this.#stop.signal, ...(this.#signal ? [this.#signal] : [])];
    const response = await this.waitFor(() =>
      fetch(url, { ...init, ...alone, signal: AbortSignal.any(signals) }),
    );
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      this.end();
      throw new TransportError('The file host points elsewhere, where nobody is to be sent.', {
        code: 'ERR_FILE_HOST_MOVED',
        isFinal: true,
      });
    }
    return response;
  }

  /** Waits for something of the network, not longer than it may stand still. */
  async waitFor<T>(work: () => Promise<T>): Promise<T> {
    this.resume();
    try {
      return await work();
    } catch (cause) {
      this.#signal?.throwIfAborted();
      if (cause instanceof TransportError) throw cause;
      throw new TransportError('The connection with the file host broke off.', {
        code: 'ERR_FILE_HOST',
        cause,
      });
    } finally {
      this.hold();
    }
  }

  /** Something moved, or the network is waited for from now on. */
  resume(): void {
    this.hold();
    if (this.#isEnded) return;
    this.#timer = setTimeout(() => {
      this.#stop.abort(new TransportError('The file host stands still.', { code: 'ERR_FILE_HOST_STALLED' }));
    }, this.#stallSeconds * 1000);
  }

  /** What is waited for is not the network. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  /** Nobody wants the rest. */
  end(): void {
    this.hold();
    this.#isEnded = true;
    this.#stop.abort();
  }
}

/** What an answer that is no success means. */
export function refusal(status: number, headers: Headers, text: string): TransportError {
  const after = headers.get('retry-after') ?? '';
  return new TransportError(`The file host refused (${status}): ${text || 'no reason given'}`, {
    code: `ERR_FILE_HOST_${status}`,
    isFinal: !passing.has(status),
    ...(/^[0-9]{1,9}$/.test(after) && { retryAfter: Number(after) }),
  });
}

/** The beginning of an answer's text, read no further than a limit. */
export async function readText(response: Response, maxBytes: number, call: Call): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let [text, length] = ['', 0];
  for (;;) {
    const { done, value } = await call.waitFor(() => reader.read());
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > maxBytes) {
      call.end();
      return text;
    }
    text += decoder.decode(value, { stream: true });
  }
}
