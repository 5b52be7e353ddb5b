import { addressGroup } from '../address-group.js';
import { HttpProblem } from '../http/http-problem.js';

/**
 * Transfers that go on at once. One address may have as many as it leaves free to all others: half of them, and less
 * when others are here already.
 */
export class TransferSlots {
  readonly #most: number;
  readonly #byAddress = new Map<string, number>();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Transfers under way. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes a slot; the function gives it back.
   * @param remoteAddress of the network; undefined when the other end is gone
   * @throws {HttpProblem} 503 none is left, 429 none for this address
   */
  take(remoteAddress: string | undefined): () => void {
    const address = addressGroup(remoteAddress ?? '');
    const mine = this.#byAddress.get(address) ?? 0;
    const free = this.#most - this.#count;
    if (free <= 0) throw new HttpProblem(503, 'The station takes no more at the moment.', { retryAfter: 5 });
    if (mine >= free) {
      throw new HttpProblem(429, 'Too many transfers from your address at once; wait for one to end.', {
        retryAfter: 5,
      });
    }
    this.#count++;
    this.#byAddress.set(address, mine + 1);
    return () => this.#giveBack(address);
  }

  #giveBack(address: string): void {
    this.#count--;
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
