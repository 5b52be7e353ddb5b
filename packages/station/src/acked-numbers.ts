/**
 * Which numbers of a growing row a device has acknowledged: all up to a floor, and runs of them above it.
 *
 * Nearly always there is the floor only; runs are there while something older is still under way.
 */
export class AckedNumbers {
  #floor: number;
  /** First and last of each run in turn, in order, none next to another. */
  readonly #runs: number[];

  constructor(floor: number, runs: readonly number[] = []) {
    this.#floor = floor;
    this.#runs = [...runs];
  }

  /** Everything up to here was acknowledged. */
  get floor(): number {
    return this.#floor;
  }

  /** First and last of each run above the floor, in turn. */
  get runs(): readonly number[] {
    return this.#runs;
  }

  has(number: number): boolean {
    return number <= this.#floor || this.#find(number) % 2 === 1;
  }

  add(number: number): void {
    if (this.has(number)) return;
    const runs = this.#runs;
    const at = this.#find(number);
    const joinsLeft = at > 0 && runs[at - 1] === number - 1;
    const joinsRight = runs[at] === number + 1;
    if (joinsLeft && joinsRight) runs.splice(at - 1, 2);
    else if (joinsLeft) runs[at - 1] = number;
    else if (joinsRight) runs[at] = number;
    else runs.splice(at, 0, number, number);
    this.raise(this.#floor);
  }

  /** Counts everything up to a number as acknowledged, because it is there no more. */
  raise(floor: number): void {
    this.#floor = Math.max(this.#floor, floor);
    const runs = this.#runs;
    while (runs.length > 0 && (runs[0] as number) <= this.#floor + 1) {
      this.#floor = Math.max(this.#floor, runs[1] as number);
      runs.splice(0, 2);
    }
  }

  /** How many of the bounds lie before a number, its own first one counted: odd within a run. */
  #find(number: number): number {
    const runs = this.#runs;
    let [low, high] = [0, runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = runs[middle] as number;
      // the last number of a run belongs to it, so it lies before only what is behind it
      if (middle % 2 === 0 ? bound <= number : bound < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
