import { TransportError } from '@dimp/sdk';

/** How often and how soon something that failed is tried again. */
export interface RetryOptions {
  /** Further tries after the first; 4 when absent. */
  readonly retries?: number;
  /** Seconds before the second try, 0.5 when absent. Each later wait is twice as long, up to `maxRetrySeconds`. */
  readonly retrySeconds?: number;
  /** 30 when absent. A host that asks for a longer pause is not waited for. */
  readonly maxRetrySeconds?: number;
}

/** How tries follow each other. */
export type RetryRules = Required<RetryOptions>;

export function retryRules(options: RetryOptions): RetryRules {
  const { retries = 4, retrySeconds = 0.5, maxRetrySeconds = 30 } = options;
  return { retries, retrySeconds, maxRetrySeconds };
}

/**
 * Does something until it works, is final, or was tried often enough.
 * @param canRepeat asked after each failure
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  rules: RetryRules,
  signal: AbortSignal | undefined,
  canRepeat: () => boolean = () => true,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!canRepeat()) throw error;
      await pauseAfter(error, failures, rules, signal);
    }
  }
}

/**
 * Waits before the next try.
 * @throws the error itself, when there is to be no other try
 */
export async function pauseAfter(
  error: unknown,
  failures: number,
  rules: RetryRules,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(error instanceof TransportError) || error.isFinal || failures >= rules.retries) throw error;
  const { retryAfter } = error;
  if (retryAfter !== undefined && retryAfter > rules.maxRetrySeconds) throw error;
  const longest = Math.min(rules.maxRetrySeconds, rules.retrySeconds * 2 ** failures);
  // by chance, as a host that comes back would be met by all of its clients at once
  await pause(retryAfter ?? longest * (0.5 + Math.random() / 2), signal);
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
