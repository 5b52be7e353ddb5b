import { ArgumentsError, type DemoArguments, helpText, parseArguments } from './arguments.js';
import { describeError, formatReport, type Report } from './json.js';
import { createPrinter, type Printer, usesColor } from './print.js';
import { type Output, type Progress, progressOn } from './progress.js';
import { createInProcessRelay } from './relay/in-process.js';
import type { Relay } from './relay/relay.js';
import { startStationRelay } from './relay/station.js';
import type { Facts, Step } from './step.js';
import { steps as allSteps } from './steps.js';
import { NobodyReadsError } from './stop-signal.js';
import { closeWorld, createWorld, type World } from './world.js';

/** Where the demo writes, and what it is told from outside. */
export interface DemoSurroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C, or with the error of an output that nobody reads. */
  readonly signal: AbortSignal;
  /** Others than those of the demo. */
  readonly steps?: readonly Step[];
  /** The program of the station; that of `@dimp/station` when absent. */
  readonly program?: string;
}

/** The exit statuses. */
export const ExitStatus = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/**
 * Runs the demo and tells the exit status. Never throws for what goes wrong in it.
 * @param args the command line without the program's name
 */
export async function runDemo(args: readonly string[], surroundings: DemoSurroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  let options: DemoArguments;
  try {
    options = parseArguments(args);
  } catch (error) {
    if (!(error instanceof ArgumentsError)) throw error;
    stderr.write(`${error.message}\n`);
    return ExitStatus.usage;
  }
  if (options.help) {
    stdout.write(helpText);
    return ExitStatus.success;
  }
  return show(options, surroundings);
}

async function show(options: DemoArguments, surroundings: DemoSurroundings): Promise<number> {
  const { json } = options;
  const { stdout, stderr, env, signal } = surroundings;
  const progress = progressOn(json || stdout.isTTY !== true ? stderr : stdout);
  const printer = json ? undefined : createPrinter(stdout, usesColor(stdout, env));
  const where = options.inProcess ? 'in one process and without a network' : 'by way of a station';
  printer?.title(`DIMP: users, messages, a group and a file, ${where}`);
  const report = await play(options, surroundings, progress, printer);
  if (signal.aborted) return brokenOff(signal.reason, stderr);
  if (printer === undefined) stdout.write(formatReport(report));
  else conclude(report, printer);
  return report.ok ? ExitStatus.success : ExitStatus.failure;
}

function brokenOff(reason: Error, stderr: Output): number {
  if (reason instanceof NobodyReadsError) return ExitStatus.success;
  const isInterrupted = reason.name === 'AbortError';
  stderr.write(isInterrupted ? 'Interrupted.\n' : `The output cannot be written: ${reason.message}\n`);
  return isInterrupted ? ExitStatus.interrupted : ExitStatus.failure;
}

async function play(
  options: DemoArguments,
  surroundings: DemoSurroundings,
  progress: Progress,
  printer: Printer | undefined,
): Promise<Report> {
  const { signal, steps = allSteps } = surroundings;
  const { bits } = options;
  let relay: Relay;
  try {
    relay = await openRelay(options, surroundings, progress);
  } catch (error) {
    return { ok: false, steps: {}, error: describeError('station', error) };
  }
  const { station } = relay;
  if (station !== undefined) printer?.row('station', `${station.id}, process ${station.pid}, ${station.url}`);
  const world = createWorld({ relay, bits, progress, signal });
  try {
    const { ok, ...found } = await takeSteps(steps, world, printer);
    return { ok, ...(station && { station }), ...found };
  } finally {
    progress.clear();
    await closeWorld(world);
  }
}

async function openRelay(
  { inProcess, bits }: DemoArguments,
  { signal, program }: DemoSurroundings,
  progress: Progress,
): Promise<Relay> {
  if (inProcess) return createInProcessRelay();
  progress.show('   starting a station …');
  try {
    return await startStationRelay({ bits, signal, ...(program !== undefined && { program }) });
  } finally {
    progress.clear();
  }
}

async function takeSteps(
  steps: readonly Step[],
  world: World,
  printer: Printer | undefined,
): Promise<Report> {
  const taken = new Map<string, Facts>();
  let current = '';
  try {
    for (const [index, step] of steps.entries()) {
      world.signal.throwIfAborted();
      current = step.name;
      printer?.heading(index + 1, step.title);
      const { facts, print } = await step.take(world);
      taken.set(step.name, facts);
      if (printer !== undefined) print(printer);
    }
  } catch (error) {
    return { ok: false, steps: Object.fromEntries(taken), error: describeError(current, error) };
  }
  const ok = [...taken.values()].every(facts => facts.ok);
  return { ok, steps: Object.fromEntries(taken) };
}

function conclude({ ok, steps: taken, error }: Report, printer: Printer): void {
  printer.blank();
  if (ok) {
    printer.title('All of it happened, and nobody in between could read a word.');
    return;
  }
  const wrong = Object.entries(taken).filter(([, facts]) => !facts.ok);
  for (const [name] of wrong) printer.check(false, `something did not happen as it should in step ${name}`);
  if (error !== undefined) {
    const code = error.code === undefined ? '' : `${error.code}: `;
    printer.check(false, `step ${error.step} broke off: ${code}${error.text}`);
  }
}
