/** From half a millisecond to ten seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * A histogram of Prometheus without labels. Two values come with every message, and the library's takes a hundred times
 * as long for one as there is to do.
 */
export class LatencyHistogram {
  readonly #name: string;
  readonly #help: string;
  /** The last one is for what is above all others. */
  readonly #counts: number[] = Array.from({ length: buckets.length + 1 }, () => 0);
  #sum = 0;

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] as number)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += seconds;
  }

  /** As Prometheus reads it. */
  text(): string {
    const lines = [`# HELP ${this.#name} ${this.#help}`, `# TYPE ${this.#name} histogram`];
    let count = 0;
    for (const [bucket, own] of this.#counts.entries()) {
      count += own;
      lines.push(`${this.#name}_bucket{le="${buckets[bucket] ?? '+Inf'}"} ${count}`);
    }
    lines.push(`${this.#name}_sum ${this.#sum}`, `${this.#name}_count ${count}`);
    return `${lines.join('\n')}\n`;
  }
}
