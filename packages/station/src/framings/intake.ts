/** Whose lines an intake hands on. */
export interface IntakeOwner {
  /** Deals with one line. When it resolves there is room for another. Never rejects; undefined for done at once. */
  takeLine(line: Uint8Array): Promise<void> | undefined;
  /** Nothing more is to be read from the network; or it is again. */
  setReading(isReading: boolean): void;
}

/** How much may be under way at once. */
export interface IntakeLimits {
  readonly lines: number;
  /** Above this only what is there already goes on. */
  readonly bytes: number;
}

const lineEnd = 0x0a;

/**
 * Cuts payloads into lines, in order, and hands them on while there is room. What waits is kept uncut: a payload of a
 * megabyte may hold half a million lines.
 */
export class Intake {
  readonly #owner: IntakeOwner;
  readonly #limits: IntakeLimits;
  #payloads: Uint8Array[] = [];
  /** Where the next line of the first payload begins. */
  #offset = 0;
  #lines = 0;
  #bytes = 0;
  #isReading = true;

  constructor(owner: IntakeOwner, limits: IntakeLimits) {
    this.#owner = owner;
    this.#limits = limits;
  }

  push(payload: Uint8Array): void {
    this.#payloads.push(payload);
    this.#run();
  }

  /** Drops what waits. */
  clear(): void {
    this.#payloads = [];
    this.#offset = 0;
  }

  #run(): void {
    while (this.#payloads.length > 0) {
      if (this.#lines >= this.#limits.lines || this.#bytes >= this.#limits.bytes) {
        this.#setReading(false);
        return;
      }
      this.#hand(this.#next());
    }
    if (this.#lines <= this.#limits.lines / 2) this.#setReading(true);
  }

  #hand(line: Uint8Array): void {
    const { length } = line;
    this.#lines++;
    this.#bytes += length;
    const work = this.#owner.takeLine(line);
    if (work === undefined) this.#ended(length);
    else
      void work.then(() => {
        this.#ended(length);
        this.#run();
      });
  }

  #ended(bytes: number): void {
    this.#lines--;
    this.#bytes -= bytes;
  }

  #next(): Uint8Array {
    const payload = this.#payloads[0] as Uint8Array;
    const end = payload.indexOf(lineEnd, this.#offset);
    if (end < 0) {
      const line = payload.subarray(skipBlanks(payload, this.#offset));
      this.#payloads.shift();
      this.#offset = 0;
      return line;
    }
    const line = payload.subarray(skipBlanks(payload, this.#offset, end), end);
    this.#offset = end + 1;
    return line;
  }

  #setReading(isReading: boolean): void {
    if (this.#isReading === isReading) return;
    this.#isReading = isReading;
    this.#owner.setReading(isReading);
  }
}

/** Where a line begins: those who get it look for the brace at its very start. */
function skipBlanks(payload: Uint8Array, from: number, end: number = payload.length): number {
  let at = from;
  while (at < end && (payload[at] === 0x20 || payload[at] === 0x09 || payload[at] === 0x0d)) at++;
  return at;
}
