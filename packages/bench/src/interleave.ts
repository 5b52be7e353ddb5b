/** Something to be timed: one run of it. What gives a promise is awaited. */
export type Work = () => unknown;

/** How long to measure. */
export interface Pace {
  /** How many times each work gets its turn. */
  readonly rounds: number;
  /** About how long a turn takes, in milliseconds; 0 for a single run. */
  readonly turn: number;
}

/** Microseconds of one run: the mean of each turn, in the order of the rounds. */
export type Times = readonly number[];

/**
 * Times works that are to be compared: each warms up, then they take turns, every second round backwards, so
 * that a slow spell of the machine and the order meet all alike.
 */
export async function interleave<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  pace: Pace,
): Promise<Record<Name, Times>> {
  const names = Object.keys(works) as Name[];
  const runs = {} as Record<Name, number>;
  const times = {} as Record<Name, number[]>;
  for (const name of names) {
    runs[name] = await warmUp(works[name], pace);
    times[name] = [];
  }
  for (let round = 0; round < pace.rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      times[name].push(await timeRuns(works[name], runs[name]));
    }
  }
  return times;
}

/** Runs a work for some turns, so that the engine knows it, and says how many runs fill one turn. */
async function warmUp(work: Work, { turn }: Pace): Promise<number> {
  let runs = 1;
  let spent = 0;
  for (;;) {
    const each = (await timeRuns(work, runs)) / 1000;
    spent += each * runs;
    if (spent >= turn * warmTurns) return Math.max(1, Math.round(turn / each));
    runs = Math.max(1, Math.min(runs * 2, Math.round(turn / each)));
  }
}

const warmTurns = 25;

/** Where results go, so that the engine cannot leave out what makes them. */
const kept: { result?: unknown } = {};

/** Microseconds of one of so many runs. */
async function timeRuns(work: Work, runs: number): Promise<number> {
  const start = process.hrtime.bigint();
  const first = work();
  if (isPromise(first)) {
    await first;
    for (let run = 1; run < runs; run++) await work();
  } else {
    // without await, which would cost more than the smallest works
    for (let run = 1; run < runs; run++) kept.result = work();
  }
  return Number(process.hrtime.bigint() - start) / 1000 / runs;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | undefined)?.then === 'function';
}
