import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/json.js';

/** One case of the published vectors; see the README beside them. */
export interface VectorCase {
  readonly name: string;
  readonly op: string;
  readonly in: { readonly [name: string]: unknown };
  readonly out: { readonly [name: string]: unknown };
}

interface Account {
  readonly meta: { readonly key: JsonObject };
  readonly private_key: JsonObject;
}

function readVectors(name: string): unknown {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../interop/vectors/v1', name), 'utf8'),
    (_, value) => Object.freeze(value),
  );
}

export function vectorCases(name: string, op: string): readonly VectorCase[] {
  const { cases } = readVectors(name) as { readonly cases: readonly VectorCase[] };
  return cases.filter(one => one.op === op);
}

/** The published test users. */
export const accounts: Readonly<Record<string, Account>> = (
  readVectors('accounts.json') as { readonly users: Record<string, Account> }
).users;

export function account(name: string): Account {
  const found = accounts[name];
  if (found === undefined) throw new Error(`no account ${name} in accounts.json`);
  return found;
}

/** A copy without the methods of Buffer, so that `toEqual` compares bytes. */
export function bytes(data: Uint8Array): Uint8Array {
  return Uint8Array.from(data);
}

export function fromBase64(text: unknown): Uint8Array {
  return bytes(Buffer.from(text as string, 'base64'));
}

export function fromHex(text: string): Uint8Array {
  return bytes(Buffer.from(text, 'hex'));
}

/** A copy in which one bit, counted from the first byte's top bit, is the other way round. */
export function flipBit(data: Uint8Array, bit: number): Uint8Array {
  const copy = bytes(data);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (0x80 >> (bit & 7));
  return copy;
}

/** The `code` of what is thrown; undefined when nothing is. */
export function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

/** Bytes that look random and are the same in each run (xorshift32). */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  let state = seed;
  return length =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
}
