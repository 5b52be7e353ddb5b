import type { ID } from '@dimp/mkm';

/** Devices that are remembered: the one that was asked for longest ago is forgotten first. */
const mostDevices = 4_096;

/** How far a device has let messages pass that it was handed, in numbers of its user's mailbox. */
export interface PassedOver {
  /** What is not acknowledged up to here was handed over at least once. */
  offered: number;
  /** What is not acknowledged up to here was let pass by a device that acknowledged later ones: it does not want it. */
  refused: number;
  /** Of what it does not want all up to here was offered last time; the next time begins behind it. */
  again: number;
}

/** What a device does not want, as one session offers it again: a part of it, from where the last one ended. */
export class Unwanted {
  /** Behind this number it begins. */
  readonly start: number;
  /** The last number of it. */
  readonly end: number;
  readonly #passed: PassedOver;
  #left: number;

  /** @param most messages that are offered again by one session */
  constructor(passed: PassedOver, most: number) {
    const { refused, again } = passed;
    this.start = again < refused ? again : 0;
    this.end = refused;
    this.#passed = passed;
    this.#left = Math.ceil(most);
    passed.again = 0;
  }

  /** How many may still be offered. */
  get left(): number {
    return this.#left;
  }

  /** A message was handed over. */
  offered(number: number): void {
    if (number <= this.end) this.#left--;
  }

  /** Whether it need not be looked after any more, for one who has come to a number. */
  isOver(position: number): boolean {
    return this.#left <= 0 || position >= this.end;
  }

  /** Notes where the next session begins. @returns the number behind which this one goes on */
  leave(position: number): number {
    if (position < this.end) this.#passed.again = position;
    return Math.max(position, this.end);
  }
}

/**
 * What devices do not acknowledge, from one connection to the next. In memory only: after a restart a device is offered
 * all that it did not acknowledge, in turn.
 */
export class PassedOverDevices {
  readonly #devices = new Map<string, PassedOver>();

  /** What is known of a device; undefined when it acknowledges what it gets. */
  find(user: ID, device: string): PassedOver | undefined {
    return this.#devices.get(nameOf(user, device));
  }

  /** Remembers a device from now on. */
  note(user: ID, device: string): PassedOver {
    const name = nameOf(user, device);
    const passed = this.#devices.get(name) ?? { offered: 0, refused: 0, again: 0 };
    this.#devices.delete(name);
    this.#devices.set(name, passed);
    const [oldest] = this.#devices.keys();
    if (this.#devices.size > mostDevices && oldest !== undefined) this.#devices.delete(oldest);
    return passed;
  }
}

function nameOf({ key }: ID, device: string): string {
  return `${key}\n${device}`;
}
