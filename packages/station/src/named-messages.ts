/** What is named by texts, the first of them being its own. */
interface Named {
  readonly texts: readonly string[];
  readonly bytes: number;
}

/**
 * Messages in the order in which they came, found by the texts that may name them.
 *
 * What its own text names counts; a text that stands in front of it may be anybody's, and displaces nobody.
 */
export class NamedMessages<T extends Named> {
  /** Undefined when there is none: most sessions are idle. */
  #byText: Map<string, T> | undefined;
  #count = 0;
  #bytes = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): T | undefined {
    return this.#byText?.values().next().value;
  }

  add(message: T): void {
    this.#byText ??= new Map();
    const { texts } = message;
    const own = texts[0] as string;
    const before = this.#byText.get(own);
    if (before !== undefined) {
      // no acknowledgement can tell the two apart: the other comes again with the next login
      if (before.texts[0] === own) this.#drop(before);
      this.#byText.delete(own);
    }
    this.#byText.set(own, message);
    for (let i = 1; i < texts.length; i++) {
      const text = texts[i] as string;
      if (!this.#byText.has(text)) this.#byText.set(text, message);
    }
    this.#count++;
    this.#bytes += message.bytes;
  }

  /** Removes what a text names. */
  take(text: string): T | undefined {
    const found = this.#byText?.get(text);
    if (found !== undefined) this.remove(found);
    return found;
  }

  /** @param message one that is there */
  remove(message: T): void {
    this.#drop(message);
    if (this.#count === 0) this.#byText = undefined;
  }

  #drop(message: T): void {
    for (const text of message.texts) if (this.#byText?.get(text) === message) this.#byText.delete(text);
    this.#count--;
    this.#bytes -= message.bytes;
  }
}
