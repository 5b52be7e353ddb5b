import type { JsonObject, JsonValue } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { type AgentOptions, serve } from '../../src/agent/serve.js';

/** What an agent said to some bytes. */
export interface Talk {
  readonly responses: readonly Response[];
  readonly log: readonly string[];
}

export interface Response {
  readonly id: JsonValue;
  readonly ok: boolean;
  readonly result?: JsonValue;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Hands bytes to an agent, in pieces as they may come, and gives its responses. */
export async function talk(
  pieces: readonly (string | Uint8Array)[],
  options: AgentOptions = {},
): Promise<Talk> {
  const lines: string[] = [];
  const log: string[] = [];
  const input = (async function* () {
    for (const piece of pieces) yield typeof piece === 'string' ? encodeUtf8(piece) : piece;
  })();
  await serve({ input, write: async line => void lines.push(line), log: line => log.push(line) }, options);
  return { responses: lines.map(line => JSON.parse(line) as Response), log };
}

/** An agent that is asked one thing after the other. */
export class Peer {
  readonly #options: AgentOptions;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  async respond(op: string, args: object = {}): Promise<Response> {
    const { responses } = await talk([JSON.stringify({ id: 1, op, ...args })], this.#options);
    return responses[0] as Response;
  }

  /** The result. @throws when there is none */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results that they know
  async ask(op: string, args: object = {}): Promise<any> {
    const response = await this.respond(op, args);
    if (response.ok) return response.result;
    throw new Error(`${op}: ${response.error?.code} ${response.error?.message}`);
  }

  /** The code of the error; undefined when there is none. */
  async refuse(op: string, args: object = {}): Promise<string | undefined> {
    return (await this.respond(op, args)).error?.code;
  }
}

/** An object without one of its members. */
export function without(json: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([member]) => member !== name));
}
