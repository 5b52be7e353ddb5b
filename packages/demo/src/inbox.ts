import type { AcceptedContent, Messenger } from '@dimp/sdk';

/** Milliseconds that something sent may take inside one process before the demo calls it lost. */
const patience = 30_000;

interface Waiter {
  readonly kind: string;
  readonly resolve: (accepted: AcceptedContent) => void;
  readonly reject: (error: unknown) => void;
}

/** What a messenger accepted and nobody has looked at yet. */
export class Inbox {
  readonly #owner: string;
  readonly #arrived: AcceptedContent[] = [];
  readonly #waiters = new Set<Waiter>();

  constructor(owner: string, messenger: Messenger) {
    this.#owner = owner;
    messenger.on('message', accepted => this.#arrive(accepted));
    messenger.on('command', accepted => this.#arrive(accepted));
    messenger.on('rejected', ({ error }) => {
      for (const { reject } of this.#waiters) reject(error);
    });
  }

  /** The oldest of a kind such as `text`, or the next to come. Rejects when a message is refused meanwhile. */
  take(kind: string, signal: AbortSignal): Promise<AcceptedContent> {
    const index = this.#arrived.findIndex(({ content }) => content.kind === kind);
    const [found] = index < 0 ? [] : this.#arrived.splice(index, 1);
    return found === undefined ? this.#wait(kind, signal) : Promise.resolve(found);
  }

  /** How many of a kind nobody has taken. */
  count(kind: string): number {
    return this.#arrived.filter(({ content }) => content.kind === kind).length;
  }

  async #wait(kind: string, signal: AbortSignal): Promise<AcceptedContent> {
    signal.throwIfAborted();
    let stop = (): void => {};
    try {
      return await new Promise((resolve, reject) => {
        const waiter: Waiter = { kind, resolve, reject };
        const abort = (): void => reject(signal.reason);
        const lost = new Error(`No ${kind} came to ${this.#owner} in ${patience / 1000} seconds.`);
        const timer = setTimeout(() => reject(lost), patience);
        signal.addEventListener('abort', abort);
        this.#waiters.add(waiter);
        stop = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          this.#waiters.delete(waiter);
        };
      });
    } finally {
      stop();
    }
  }

  #arrive(accepted: AcceptedContent): void {
    for (const waiter of this.#waiters) {
      if (waiter.kind !== accepted.content.kind) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(accepted);
      return;
    }
    this.#arrived.push(accepted);
  }
}
