/** A set of texts that forgets the oldest when it is full, so that strangers cannot make it grow. */
export class BoundedSet {
  readonly #capacity: number;
  readonly #texts = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  add(text: string): void {
    if (this.#texts.has(text)) return;
    const [oldest] = this.#texts;
    if (this.#texts.size >= this.#capacity && oldest !== undefined) this.#texts.delete(oldest);
    this.#texts.add(text);
  }
}
