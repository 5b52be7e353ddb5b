import type { Times } from './interleave.js';
import { median, medianRatio, quantile } from './statistics.js';

/** `x` is a plain ratio. */
export type Unit = 'µs' | 'ms' | '/s' | 'B' | 'kB' | 'x';

/** One line of the result. */
export interface Row {
  readonly suite: string;
  readonly name: string;
  /** The median, in `unit`. */
  readonly value: number;
  readonly unit: Unit;
  /** A quarter of the turns gave less, a quarter more. */
  readonly quartiles?: readonly [number, number];
  /** The same for the bare primitives, measured in turns with it. */
  readonly floor?: number;
  /** Cost over the floor's cost: the median over pairs of turns, so not quite `value / floor`. */
  readonly ratio?: number;
  /** Further figures, by name. */
  readonly details?: Readonly<Record<string, number>>;
}

/** What a row of times is made of. */
export interface TimedParts {
  readonly suite: string;
  readonly name: string;
  readonly times: Times;
  readonly floor?: Times;
  readonly details?: Readonly<Record<string, number>>;
}

/** Microseconds of one run. */
export function timeRow({ suite, name, times, floor, details }: TimedParts): Row {
  return {
    suite,
    name,
    value: median(times),
    unit: 'µs',
    quartiles: [quantile(times, 0.25), quantile(times, 0.75)],
    ...(floor && { floor: median(floor), ratio: medianRatio(times, floor) }),
    ...(details && { details }),
  };
}

/** How many a second. @param perRun how many one run does */
export function rateRow(parts: TimedParts, perRun = 1): Row {
  const { value, quartiles, floor, ...rest } = timeRow(parts);
  const rate = (time: number): number => (perRun * 1e6) / time;
  return {
    ...rest,
    unit: '/s',
    value: rate(value),
    ...(quartiles && { quartiles: [rate(quartiles[1]), rate(quartiles[0])] }),
    ...(floor !== undefined && { floor: rate(floor) }),
  };
}
