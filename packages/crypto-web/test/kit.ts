import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@dimp/crypto';

interface Accounts {
  readonly users: Readonly<Record<string, { readonly private_key: JsonObject }>>;
}

/** The private key object of a published test user. */
export function privateKeyOf(user: string): JsonObject {
  const path = join(import.meta.dirname, '../../interop/vectors/v1/accounts.json');
  const { users } = JSON.parse(readFileSync(path, 'utf8')) as Accounts;
  const found = users[user];
  if (found === undefined) throw new Error(`no account ${user} in accounts.json`);
  return found.private_key;
}

/** A copy without the methods of Buffer, so that `toEqual` compares bytes. */
export function bytes(data: Uint8Array): Uint8Array {
  return Uint8Array.from(data);
}

/** What an action gives, or the code (or name) of what it throws: two implementations must agree in it. */
export async function outcome(action: () => unknown): Promise<unknown> {
  try {
    return { result: await action() };
  } catch (error) {
    const { code, name } = error as { readonly code?: string; readonly name: string };
    return { error: code ?? name };
  }
}

/** What comes out of a stream when data goes in by chunks of this size. */
export async function pump(
  data: Uint8Array,
  size: number,
  stream: TransformStream<Uint8Array, Uint8Array> | undefined,
): Promise<Uint8Array> {
  if (stream === undefined) throw new Error('no stream');
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < data.length; i += size) controller.enqueue(data.slice(i, i + size));
      controller.close();
    },
  });
  return bytes(new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer()));
}
