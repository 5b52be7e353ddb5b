import {
  DimpError,
  isJsonObject,
  type JsonObject,
  JsonReader,
  type JsonValue,
  ParseError,
  type Registry,
  UnsupportedError,
} from '@dimp/crypto';
import { type Line, readLines } from './lines.js';
import type { AgentOperation } from './operation.js';
import { agentOperations } from './ops/index.js';
import { Session } from './session.js';

/** What an agent is connected to. */
export interface AgentStreams {
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes one response; a line comes without its end. Resolves when there is room for more. */
  readonly write: (line: string) => Promise<void>;
  /** For people. */
  readonly log: (line: string) => void;
}

/** How an agent is made. */
export interface AgentOptions {
  readonly session?: Session;
  readonly operations?: Registry<AgentOperation>;
  readonly maxLineBytes?: number;
}

/** Answers requests in order, one line each, until the input ends or one asks to quit. */
export async function serve(streams: AgentStreams, options: AgentOptions = {}): Promise<void> {
  const { session = new Session(), operations = agentOperations } = options;
  for await (const line of readLines(streams.input, options.maxLineBytes)) {
    await streams.write(JSON.stringify(await answer(line, session, operations, streams.log)));
    if (session.isOver) return;
  }
}

/** Never throws: whatever goes wrong with a request is its answer. */
async function answer(
  line: Line,
  session: Session,
  operations: Registry<AgentOperation>,
  log: AgentStreams['log'],
): Promise<JsonObject> {
  let id: JsonValue = null;
  try {
    const request = parseRequest(line);
    id = request['id'] ?? null;
    const args = new JsonReader(request, 'request');
    const op = args.text('op');
    const operation = operations.find(op);
    if (operation === undefined) throw new UnsupportedError('operation', op, 'hello lists those there are.');
    return { id, ok: true, result: await operation.run(args, { session, operations }) };
  } catch (error) {
    return { id, ok: false, error: describeError(error, log) };
  }
}

function parseRequest(line: Line): JsonObject {
  if (line.kind === 'unreadable') throw line.error;
  let request: JsonValue;
  try {
    request = JSON.parse(line.text);
  } catch {
    // no cause: the engine's message quotes the text, which may hold keys
    throw new ParseError('request', 'expected JSON text');
  }
  if (isJsonObject(request)) return request;
  throw new ParseError('request', 'expected an object such as {"id": 1, "op": "hello"}');
}

function describeError(error: unknown, log: AgentStreams['log']): JsonObject {
  if (error instanceof DimpError) {
    if (error.code === 'ERR_INTERNAL') logError(error.cause, log);
    return { code: error.code, message: error.message };
  }
  // what the library throws for values outside a function's contract; a stack that overflows is none
  if (error instanceof RangeError && !/call stack/.test(error.message)) {
    return { code: 'ERR_USAGE', message: error.message };
  }
  logError(error, log);
  return { code: 'ERR_INTERNAL', message: 'Something unforeseen went wrong; see the log.' };
}

function logError(error: unknown, log: AgentStreams['log']): void {
  log(error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no error was thrown');
}
