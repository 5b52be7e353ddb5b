import type { AccountKind } from './accounts.js';
import type { Pace } from './interleave.js';
import type { Peer } from './peers.js';
import type { Row } from './row.js';
import type { SideName } from './sides.js';

/** How much is measured. */
export interface Scope extends Pace {
  readonly sides: readonly SideName[];
  readonly accounts: readonly AccountKind[];
  /** Letters of the texts that are sent. */
  readonly sizes: readonly number[];
  /** Members of the groups that are sent to. */
  readonly groups: readonly number[];
  /** Runs of what takes long: making keys, starting programs. */
  readonly slowRounds: number;
  /** Other implementations that do the same work. */
  readonly peers: readonly Peer[];
  /** Told what could not be measured, where the rest of a suite goes on without it. */
  failed(what: string, error: unknown): void;
}

/** One thing to measure. */
export interface Suite {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** Gives each row as soon as it is measured: what comes later may fail. */
  run(scope: Scope): AsyncIterable<Row>;
}

/** `100 B`, `10 kB`. */
export function sizeName(size: number): string {
  return size < 1000 ? `${size} B` : `${size / 1000} kB`;
}
