import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@dimp/crypto';

const folder = join(import.meta.dirname, '../../interop/vectors');

function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'), (_, value) => Object.freeze(value));
}

/** The cases of a vector file of the protocol: `vectors('v1/aes')`. */
export function vectors<T>(name: string): readonly T[] {
  return (readVectors(name) as { readonly cases: readonly T[] }).cases;
}

/** The private key object of a published test user. */
export function privateKeyOf(user: string): JsonObject {
  const { users } = readVectors('v1/accounts') as {
    readonly users: Readonly<Record<string, { readonly private_key: JsonObject }>>;
  };
  const found = users[user];
  if (found === undefined) throw new Error(`no account ${user} in accounts.json`);
  return found.private_key;
}

/** The folder of the Wycheproof files (C2SP/wycheproof, testvectors_v1); undefined when it is not named. */
export const wycheproof: string | undefined = process.env['DIMP_WYCHEPROOF'];

/** The groups of a Wycheproof file. */
export function wycheproofGroups<T>(name: string): readonly T[] {
  const text = readFileSync(join(wycheproof as string, `${name}.json`), 'utf8');
  return (JSON.parse(text) as { readonly testGroups: readonly T[] }).testGroups;
}

/** A copy without the methods of Buffer, so that `toEqual` compares bytes. */
export function bytes(data: Uint8Array): Uint8Array {
  return Uint8Array.from(data);
}

export function fromBase64(text: string): Uint8Array {
  return bytes(Buffer.from(text, 'base64'));
}

export function fromHex(text: string): Uint8Array {
  return bytes(Buffer.from(text, 'hex'));
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
