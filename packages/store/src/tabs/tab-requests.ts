import type { DatabaseRequest } from './tab-message.js';

/** A request that is on its way. */
interface Pending {
  readonly request: DatabaseRequest;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * What this tab asked for and has no answer to. It is sent to the tab that has the database, and again to whoever has
 * it next: reading again does no harm, and a batch is only on its way while this tab has the turn, so nobody else wrote
 * between it and itself, and what it leaves is the same whether it was written once or twice.
 */
export class TabRequests {
  readonly #send: (number: number, request: DatabaseRequest) => void;
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  constructor(send: (number: number, request: DatabaseRequest) => void) {
    this.#send = send;
  }

  /** Resolves with the answer. Sent at once when `isReachable`, else by `resend`. */
  ask(request: DatabaseRequest, isReachable: boolean): Promise<unknown> {
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { request, resolve, reject });
      if (isReachable) this.#send(number, request);
    });
  }

  /** Another tab has the database now. */
  resend(): void {
    for (const [number, { request }] of this.#pending) this.#send(number, request);
  }

  /** An answer came; one that came before is not heard. */
  answer(number: number, value: unknown, error: string | undefined): void {
    const pending = this.#pending.get(number);
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

  #takeAll(): readonly Pending[] {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    return all;
  }
}
