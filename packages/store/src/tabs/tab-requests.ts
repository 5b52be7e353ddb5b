import { silentTab } from '../errors.js';
import type { TabHost } from './tab-host.js';
import type { DatabaseRequest } from './tab-message.js';

/** How much longer an answer is waited for than its request counts: it may have been begun at the last moment. */
const graceFactor = 1.1;

/** A request that is on its way. */
interface Pending {
  readonly request: DatabaseRequest;
  /** Ends the waiting for an answer. */
  stop?: () => void;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * What this tab asked for and has no answer to. It is sent to the tab that has the database, and again to whoever has
 * it next: reading again does no harm, and a batch is only on its way while this tab has the turn, so nobody else wrote
 * between it and itself, and what it leaves is the same whether it was written once or twice.
 *
 * One without an answer for too long is given up. It says until when it counts, so that it is not carried out later, when
 * others have had their turn.
 */
export class TabRequests {
  readonly #send: (number: number, request: DatabaseRequest, until: number) => void;
  readonly #after: TabHost['after'];
  readonly #patience: number;
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  /** @param patience milliseconds for which an answer is waited for */
  constructor(
    send: (number: number, request: DatabaseRequest, until: number) => void,
    after: TabHost['after'],
    patience: number,
  ) {
    this.#send = send;
    this.#after = after;
    this.#patience = patience;
  }

  /**
   * Resolves with the answer. Sent at once when `isReachable`, else by `resend`.
   * @throws {StoreError} `ERR_STORE_SILENT`
   */
  ask(request: DatabaseRequest, isReachable: boolean): Promise<unknown> {
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      const pending: Pending = { request, resolve, reject };
      this.#pending.set(number, pending);
      if (isReachable) this.#sendNow(number, pending);
      else this.#wait(number, pending);
    });
  }

  /** Another tab has the database now. */
  resend(): void {
    for (const [number, pending] of this.#pending) this.#sendNow(number, pending);
  }

  /** An answer came; one that came before is not heard. */
  answer(number: number, value: unknown, error: string | undefined): void {
    const pending = this.#pending.get(number);
    pending?.stop?.();
    this.#pending.delete(number);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(new Error(error));
  }

  /** This tab has the database now, and answers itself. */
  takeAll(answer: (request: DatabaseRequest) => Promise<unknown>): void {
    for (const { request, resolve, reject } of this.#takeAll()) answer(request).then(resolve, reject);
  }

  rejectAll(error: unknown): void {
    for (const { reject } of this.#takeAll()) reject(error);
  }

  #sendNow(number: number, pending: Pending): void {
    this.#wait(number, pending);
    this.#send(number, pending.request, Date.now() + this.#patience);
  }

  #wait(number: number, pending: Pending): void {
    pending.stop?.();
    pending.stop = this.#after(this.#patience * graceFactor, () => {
      this.#pending.delete(number);
      pending.reject(silentTab());
    });
  }

  #takeAll(): readonly Pending[] {
    const all = [...this.#pending.values()];
    for (const { stop } of all) stop?.();
    this.#pending.clear();
    return all;
  }
}
