import { join } from 'node:path';
import { type Row, rateRow } from '../row.js';
import { median, quantile } from '../statistics.js';
import type { Scope } from '../suite.js';
import type { ConnectJob } from './load.js';
import type { RunJob, RunResult } from './load-run.js';
import type { Running } from './program.js';
import { start } from './programs.js';

/** How much is sent. */
export interface RelayLoad {
  readonly users: number;
  /** Messages of one run with transport ACKs. */
  readonly messages: number;
  /** Messages of one run with signed receipts. */
  readonly receipts: number;
}

/** Messages under way at once: 16 for each of 32 users. */
const window = 512;
/** Turns at half of the load. */
const halfTurns = 3;

/** What one run has cost. */
interface Cost extends RunResult {
  /** Microseconds of processor time of the relay, for one message. */
  readonly cpu: number;
}

/** A station and a bare relay in turns, with the same load. */
export async function relayRows(
  folder: string,
  load: RelayLoad,
  scope: Pick<Scope, 'slowRounds'>,
): Promise<readonly Row[]> {
  const messages = Math.max(load.messages, load.receipts);
  const generator = await start('load', { users: load.users, messages });
  try {
    return [
      ...(await modeRows(
        'transport ACKs',
        join(folder, 'acks'),
        generator,
        load.messages,
        load.users,
        scope,
      )),
      ...(await modeRows(
        'signed receipts',
        join(folder, 'receipts'),
        generator,
        load.receipts,
        load.users,
        scope,
      )),
    ];
  } finally {
    await generator.close();
  }
}

async function modeRows(
  mode: 'transport ACKs' | 'signed receipts',
  data: string,
  load: Running,
  messages: number,
  users: number,
  { slowRounds }: Pick<Scope, 'slowRounds'>,
): Promise<readonly Row[]> {
  const receipts = mode === 'signed receipts';
  const station = await start('station', { data });
  const bare = await start('bare', { receipts });
  let number = 0;
  const run = async (rate?: number): Promise<{ readonly ours: Cost; readonly floor: Cost }> => {
    const job: RunJob = { number: number++, messages, window, answers: true, ...(rate && { rate }) };
    // who is first takes turns, too
    const order = number % 2 === 0;
    const before = order
      ? await cost(load, bare, { isStation: false, acks: !receipts }, { ...job, answers: receipts })
      : undefined;
    const ours = await cost(load, station, { isStation: true, acks: !receipts }, job);
    return {
      ours,
      floor:
        before ??
        (await cost(load, bare, { isStation: false, acks: !receipts }, { ...job, answers: receipts })),
    };
  };
  try {
    await run();
    const full = await times(turns(slowRounds, users), () => run());
    const perMessage = ({ seconds }: Cost): number => (seconds * 1e6) / messages;
    const ours = full.map(turn => perMessage(turn.ours));
    const rate = 1e6 / median(ours);
    const half = await times(halfTurns, () => run(rate / 2));
    const p99 = half.map(turn => turn.ours.latency.p99);
    return [
      rateRow({
        suite: 'station',
        name: `relayed, ${mode}`,
        times: ours,
        floor: full.map(turn => perMessage(turn.floor)),
        details: {
          cpu: median(full.map(turn => turn.ours.cpu)),
          floorCpu: median(full.map(turn => turn.floor.cpu)),
        },
      }),
      {
        suite: 'station',
        name: `relayed, ${mode}, at half of that load, 99 % delivered in`,
        value: median(p99),
        unit: 'ms',
        quartiles: [quantile(p99, 0.25), quantile(p99, 0.75)],
        details: {
          rate: rate / 2,
          median: median(half.map(turn => turn.ours.latency.p50)),
          bareRelay: median(half.map(turn => turn.floor.latency.p99)),
        },
      },
    ];
  } finally {
    await station.close();
    await bare.close();
  }
}

/** What one run costs a relay. */
async function cost(
  load: Running,
  relay: Running,
  connect: Omit<ConnectJob, 'url'>,
  job: RunJob,
): Promise<Cost> {
  const { url } = await relay.call<{ readonly url: string }>('address');
  await load.call('connect', { ...connect, url } satisfies ConnectJob);
  const before = await relay.call<number>('cpu');
  const result = await load.call<RunResult>('run', job);
  const cpu = ((await relay.call<number>('cpu')) - before) / job.messages;
  await load.call('disconnect');
  return { ...result, cpu };
}

/** A message goes to each of the others once: more would be repeats. */
function turns(slowRounds: number, users: number): number {
  return Math.max(1, Math.min(Math.ceil(slowRounds * 0.6), users - 2 - halfTurns));
}

async function times<T>(count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let turn = 0; turn < count; turn++) results.push(await work());
  return results;
}
