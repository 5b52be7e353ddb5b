import type { PageLimit } from './message-store.js';
import { NamedMessages } from './named-messages.js';
import type { PassedOver } from './passed-over.js';

/** What is known of a message when it is handed over. */
export interface Handed {
  readonly number: number;
  readonly bytes: number;
  /** The texts by which an acknowledgement may name it, its own signature first; at least one. */
  readonly texts: readonly string[];
  /** Whether all with lower numbers were handed over before it. */
  readonly isInTurn: boolean;
}

/** One that is to be acknowledged. */
interface Flying extends Handed {
  /** Its place among all that were handed over. */
  readonly place: number;
}

/**
 * What a session was handed and has not acknowledged: so much is under way as the window says.
 *
 * A message that the device lets pass takes no room any more, and is remembered for a while, as its acknowledgement may
 * be late. It is let pass when others that came half a window behind it were acknowledged, or when `passOver` is called,
 * since the device says nothing at all.
 */
export class Unacknowledged {
  readonly #window: PageLimit;
  readonly #passedOver: () => PassedOver;
  readonly #flying = new NamedMessages<Flying>();
  #late: NamedMessages<Flying> | undefined;
  #place = 0;
  /** No one under way has a lower place: nearly always this is all there is to look at. */
  #lowest = 0;
  #answers = 0;
  /** Up to this place, and this number, the device has let everything pass; whether it is alive will show. */
  #suspect: { readonly place: number; readonly number: number } | undefined;

  /** @param passedOver where to note what the device lets pass */
  constructor(window: PageLimit, passedOver: () => PassedOver) {
    this.#window = window;
    this.#passedOver = passedOver;
  }

  /** Messages that take room. */
  get count(): number {
    return this.#flying.count;
  }

  get bytes(): number {
    return this.#flying.bytes;
  }

  /** Acknowledgements that meant something. */
  get answers(): number {
    return this.#answers;
  }

  add({ number, bytes, texts, isInTurn }: Handed): void {
    this.#flying.add({ number, bytes, texts, isInTurn, place: ++this.#place });
  }

  /** The number of the message that an acknowledgement names; undefined when there is none. */
  acknowledged(text: string): number | undefined {
    const found = this.#flying.take(text) ?? this.#late?.take(text);
    if (found === undefined) return undefined;
    this.#answers++;
    this.#confirm(found.place);
    this.#passOverBefore(found.place - this.#window.count / 2);
    return found.number;
  }

  /** The device lets pass all that is under way. */
  passOver(): void {
    this.#passOverBefore(Number.POSITIVE_INFINITY);
  }

  #passOverBefore(place: number): void {
    while (this.#lowest < place) {
      const { oldest } = this.#flying;
      if (oldest === undefined) return;
      this.#lowest = oldest.place;
      if (oldest.place >= place) return;
      this.#flying.remove(oldest);
      this.#late ??= new NamedMessages();
      this.#late.add(oldest);
      if (this.#late.count > this.#window.count) this.#late.remove(this.#late.oldest as Flying);
      if (!oldest.isInTurn) continue;
      const passed = this.#passedOver();
      passed.offered = Math.max(passed.offered, oldest.number);
      this.#suspect = oldest;
    }
  }

  /** A device that acknowledges something is alive, and does not want what it let pass before. */
  #confirm(place: number): void {
    const suspect = this.#suspect;
    if (suspect === undefined || suspect.place > place) return;
    const passed = this.#passedOver();
    passed.refused = Math.max(passed.refused, suspect.number);
    this.#suspect = undefined;
  }
}
