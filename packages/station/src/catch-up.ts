/** Live messages that may go in front of stored ones, at most: each is remembered until paging has come past it. */
const mostAhead = 1024;
/** Senders with stored messages that are told apart. When there are more, everything waits for its turn. */
const mostSenders = 4096;

/**
 * What is behind the position of a reader in his mailbox: who has messages waiting there, and which were given to him
 * already in front of them.
 */
export class CatchUp {
  /** The last number that is waiting, by sender. */
  readonly #waiting = new Map<string, number>();
  readonly #ahead = new Set<number>();
  #isKnown = false;
  #isTooMany = false;
  #highest = 0;

  /** The highest number that waits. */
  get highest(): number {
    return this.#highest;
  }

  /** All who have something waiting were named. */
  complete(): void {
    this.#isKnown = true;
  }

  /** A message is there that nobody need wait for. */
  reach(number: number): void {
    this.#highest = Math.max(this.#highest, number);
  }

  /** A message waits for its turn. */
  wait(number: number, senderTag: string): void {
    this.reach(number);
    if (this.#waiting.size < mostSenders || this.#waiting.has(senderTag)) {
      this.#waiting.set(senderTag, Math.max(number, this.#waiting.get(senderTag) ?? 0));
    } else {
      this.#isTooMany = true;
    }
  }

  /** Whether a live message may go at once: nothing of its sender waits. */
  mayPass(senderTag: string): boolean {
    if (!this.#isKnown || this.#isTooMany || this.#ahead.size >= mostAhead) return false;
    return !this.#waiting.has(senderTag);
  }

  /** It went. */
  pass(number: number): void {
    this.#ahead.add(number);
  }

  /** Whether it went before; it is not asked for again. */
  hasPassed(number: number): boolean {
    return this.#ahead.delete(number);
  }

  /** A stored message goes. When it was the last of its sender, the next of his need not wait. */
  take(number: number, senderTag: string): void {
    const last = this.#waiting.get(senderTag);
    if (last !== undefined && last <= number) this.#waiting.delete(senderTag);
  }
}
