import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a program does when it is told to, by name. Arguments and results travel as JSON. */
export type Program = Readonly<Record<string, (argument: never) => unknown>>;

/** Programs that can be started, by name. Each is made with what it is told at its start. */
export type Programs = Readonly<Record<string, (options: never) => Promise<Program>>>;

/** A program that runs, and how it is told what to do. */
export interface Running {
  call<Result>(name: string, argument?: unknown): Promise<Result>;
  /** Has it do its `close`, and ends it. */
  close(): Promise<void>;
}

interface Question {
  readonly number: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Answer {
  readonly number: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Starts one as a process of its own: `file` is a module that calls `answerParent`. */
export async function startProcess(
  file: string,
  program: string,
  options: unknown,
  flags: readonly string[] = [],
): Promise<Running> {
  const child = fork(file, [program], { execArgv: [...flags] });
  const call = caller(child);
  await call('start', options);
  return {
    call,
    async close() {
      const gone = once(child, 'exit');
      await call('close');
      child.disconnect();
      await gone;
    },
  };
}

/** Runs one in this process: for tests, as what is measured then has the load beside it. */
export async function startHere(programs: Programs, name: string, options: unknown): Promise<Running> {
  const program = await create(programs, name, options);
  return {
    call: async (method, argument) => plain(await program[method]?.(plain(argument) as never)) as never,
    async close() {
      await program['close']?.(undefined as never);
    },
  };
}

/** Runs the program that the first argument names, for the process that started this one. */
export function answerParent(programs: Programs): void {
  let program: Program = {};
  const answer = async ({ name, argument }: Question): Promise<unknown> => {
    if (name !== 'start') return program[name]?.(argument as never);
    program = await create(programs, process.argv[2] ?? '', argument);
    return undefined;
  };
  // whoever started it may be gone without a word, and a station would listen for ever
  process.once('disconnect', () => process.exit());
  process.on('message', (question: Question) => {
    const { number } = question;
    answer(question).then(
      result => process.send?.({ number, result } satisfies Answer),
      (error: unknown) => process.send?.({ number, error: String((error as Error).stack) } satisfies Answer),
    );
  });
}

async function create(programs: Programs, name: string, options: unknown): Promise<Program> {
  const make = programs[name];
  if (make === undefined)
    throw new Error(`No program ${name}; there are ${Object.keys(programs).join(', ')}.`);
  return make(options as never);
}

/** As another process would see it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function caller(child: ChildProcess): Running['call'] {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  child.on('message', ({ number, result, error }: Answer) => {
    const asker = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) asker?.resolve(result);
    else asker?.reject(new Error(error));
  });
  child.on('exit', code => {
    for (const { reject } of waiting.values()) reject(new Error(`A program ended with ${code}.`));
  });
  return (name, argument) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve: resolve as (value: unknown) => void, reject });
      child.send({ number: last, name, argument } satisfies Question);
    });
}
