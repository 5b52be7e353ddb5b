/** Conversations whose newest texts are remembered; those that spoke last stay. */
const capacity = 64;

/**
 * What need not be read again to keep the next message of a conversation; shared by all of a store. Everything in it
 * can be read from the store as well.
 */
export class ConversationMemory {
  /** What is said in messages that are in no segment yet, by conversation and number. */
  readonly #texts = new Map<string, Map<number, string>>();

  /** Notes the text of a message that was put in the store. One with the same number, which was not saved, is replaced. */
  noteText(name: string, number: number, text: string): void {
    const known = this.#texts.get(name) ?? new Map<number, string>();
    known.set(number, text);
    this.#texts.delete(name);
    this.#texts.set(name, known);
    if (this.#texts.size <= capacity) return;
    const [oldest] = this.#texts.keys();
    if (oldest !== undefined) this.#texts.delete(oldest);
  }

  /** Undefined when it has to be read. */
  textOf(name: string, number: number): string | undefined {
    return this.#texts.get(name)?.get(number);
  }

  /** A message is gone. */
  forgetText(name: string, number: number): void {
    this.#texts.get(name)?.delete(number);
  }

  /** All messages before this number are in segments. */
  forgetBefore(name: string, number: number): void {
    const known = this.#texts.get(name);
    for (const one of known?.keys() ?? []) if (one < number) known?.delete(one);
  }

  /** Others may have changed everything. */
  clear(): void {
    this.#texts.clear();
  }
}
