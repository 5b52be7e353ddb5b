import type { Row, Unit } from './row.js';

/** What rows of a suite should reach. Exactly one of `atMost` and `atLeast` is there. */
export interface Target {
  readonly suite: string;
  /** Names of rows. */
  readonly rows: RegExp;
  /** Which figure of the row. */
  readonly of: 'ratio' | 'value';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** The targets of the project, as ratios and figures within one run. */
export const targets: readonly Target[] = [
  { suite: 'pack', rows: /^native RSA-\d+ 100 B /, of: 'ratio', atMost: 1.1 },
  { suite: 'pack', rows: /^native RSA-\d+ 10 kB /, of: 'ratio', atMost: 1.0 },
  { suite: 'pack', rows: /^portable /, of: 'ratio', atMost: 1.1 },
  { suite: 'unpack', rows: /^native RSA-\d+ \d+ k?B fresh$/, of: 'ratio', atMost: 1.1 },
  { suite: 'unpack', rows: /^native RSA-\d+ \d+ k?B seen$/, of: 'ratio', atMost: 1.25 },
  { suite: 'unpack', rows: /^native RSA-2048 100 B fresh over seen$/, of: 'value', atLeast: 12 },
  { suite: 'unpack', rows: /^portable .* fresh$/, of: 'ratio', atMost: 1.1 },
  { suite: 'pack', rows: /^dimchat.* over native RSA-1024 100 B$/i, of: 'ratio', atLeast: 25 },
  { suite: 'unpack', rows: /^dimchat.* over native RSA-1024 100 B$/i, of: 'ratio', atLeast: 25 },
  { suite: 'pack', rows: /^python dimp 0\.9.* over native RSA-1024 100 B$/i, of: 'ratio', atLeast: 5 },
  { suite: 'unpack', rows: /^python dimp 0\.9.* over native RSA-1024 100 B$/i, of: 'ratio', atLeast: 5 },
  { suite: 'group', rows: /^native /, of: 'ratio', atMost: 1.1 },
  { suite: 'group', rows: /^native n = 1000$/, of: 'value', atMost: 40_000 },
  { suite: 'split', rows: /n = \d+$/, of: 'value', atLeast: 100_000 },
  { suite: 'parse', rows: /^native package 100 B parse and format$/, of: 'value', atLeast: 50_000 },
  { suite: 'operations', rows: /^portable RSA-2048 (sign|decrypt)$/, of: 'ratio', atMost: 1.0 },
  { suite: 'keys', rows: /longest pause$/, of: 'value', atMost: 50 },
  { suite: 'import', rows: /^@dimp\/sdk$/, of: 'value', atMost: 45 },
  { suite: 'bundle', rows: /^crypto root$/, of: 'value', atMost: 3 },
  { suite: 'bundle', rows: /^RSA-only personal client on core$/, of: 'value', atMost: 25 },
  { suite: 'bundle', rows: /^everything .* on core$/, of: 'value', atMost: 40 },
  // 0.7 of what the bare database writes
  { suite: 'store', rows: /s written, \d+ at once$/, of: 'ratio', atMost: 1 / 0.7 },
  { suite: 'store', rows: /^one \w+ written$/, of: 'ratio', atMost: 1.2 },
  { suite: 'store', rows: /^record of \d+ B sealed and opened$/, of: 'ratio', atMost: 1.3 },
  { suite: 'store', rows: /^opening 100000 messages$/, of: 'value', atMost: 150 },
  { suite: 'store', rows: /^opening 100000 messages, memory$/, of: 'value', atMost: 60 * 1024 },
  { suite: 'store', rows: /^50 of 100000 messages listed$/, of: 'value', atMost: 5000 },
  { suite: 'store', rows: /^100000 messages searched/, of: 'value', atMost: 50_000 },
  // 0.6 of what a bare relay does, and half of what the bare database writes
  { suite: 'station', rows: /^relayed, (transport ACKs|signed receipts)$/, of: 'ratio', atMost: 1 / 0.6 },
  {
    suite: 'station',
    rows: /^relayed, .* at half of that load, 99 % delivered in$/,
    of: 'value',
    atMost: 25,
  },
  { suite: 'station', rows: /^stored for users who are away, \d+ at once$/, of: 'ratio', atMost: 2 },
  { suite: 'station', rows: /^connection that is idle, one of \d+$/, of: 'value', atMost: 40 },
  // two hundredths of one
  { suite: 'station', rows: /^1000 connections that are idle/, of: 'value', atMost: 20 },
  { suite: 'station', rows: /^start with 1000000 stored messages$/, of: 'value', atMost: 500 },
];

/** A row beside its targets. */
export interface JudgedRow extends Row {
  readonly targets: readonly {
    readonly of: Target['of'];
    readonly atMost?: number;
    readonly atLeast?: number;
  }[];
  /** Whether it reaches all of them; absent when it has none. */
  readonly ok?: boolean;
}

export function judge(row: Row, among: readonly Target[] = targets): JudgedRow {
  const own = among.filter(target => target.suite === row.suite && target.rows.test(row.name));
  const judged = { ...row, targets: own.map(({ suite: _suite, rows: _rows, ...rest }) => rest) };
  return own.length === 0 ? judged : { ...judged, ok: own.every(target => reaches(row, target)) };
}

function reaches(row: Row, { of, atMost = Number.POSITIVE_INFINITY, atLeast = 0 }: Target): boolean {
  const value = of === 'value' ? row.value : row.ratio;
  return value !== undefined && value <= atMost && value >= atLeast;
}

/** The unit of a target of a row. */
export function targetUnit(row: Row, { of }: Pick<Target, 'of'>): Unit {
  return of === 'ratio' ? 'x' : row.unit;
}
