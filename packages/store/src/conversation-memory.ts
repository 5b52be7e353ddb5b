/** Conversations whose newest terms are remembered; those that spoke last stay. */
const capacity = 64;

/**
 * What need not be read again to keep the next message of a conversation; shared by all of a store. Everything in it
 * can be read from the store as well.
 */
export class ConversationMemory {
  /** Hashes of the terms of messages that are in no segment yet, by conversation and number. */
  readonly #terms = new Map<string, Map<number, readonly number[]>>();

  /** Notes the terms of a message that was put in the store. One with the same number, which was not saved, is replaced. */
  noteTerms(name: string, number: number, hashes: readonly number[]): void {
    const known = this.#terms.get(name) ?? new Map<number, readonly number[]>();
    known.set(number, hashes);
    this.#terms.delete(name);
    this.#terms.set(name, known);
    if (this.#terms.size <= capacity) return;
    const [oldest] = this.#terms.keys();
    if (oldest !== undefined) this.#terms.delete(oldest);
  }

  /** Undefined when they have to be read. */
  termsOf(name: string, number: number): readonly number[] | undefined {
    return this.#terms.get(name)?.get(number);
  }

  /** A message is gone. */
  forgetTerms(name: string, number: number): void {
    this.#terms.get(name)?.delete(number);
  }

  /** All messages before this number are in segments. */
  forgetBefore(name: string, number: number): void {
    const known = this.#terms.get(name);
    for (const one of known?.keys() ?? []) if (one < number) known?.delete(one);
  }

  /** Others may have changed everything. */
  clear(): void {
    this.#terms.clear();
  }
}
