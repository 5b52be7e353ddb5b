import type { Definition, JsonReader, JsonValue, Registry } from '@dimp/crypto';
import type { Awaitable } from '@dimp/mkm';
import type { Session } from './session.js';

/** What an operation works with beside its arguments. */
export interface AgentContext {
  readonly session: Session;
  /** Everything that can be asked for. */
  readonly operations: Registry<AgentOperation>;
}

/** One `op` of a request. */
export interface AgentOperation extends Definition {
  readonly code: string;
  /** The result of the response. An error becomes the error of the response. */
  run(args: JsonReader, context: AgentContext): Awaitable<JsonValue>;
}
