/** What a suite needs of a test runner: `describe` and `it` of Jest, Vitest, Mocha or node:test as they are. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

/** @throws {Error} with the text when the condition does not hold */
export function check(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Error(text);
}

/** What became of an action: its result, or what it threw. */
export type Outcome<T> =
  | { readonly kind: 'result'; readonly result: T }
  | { readonly kind: 'error'; readonly code: string; readonly name: string };

/** Runs an action and tells how it ended; an error is told by its `code` and `name`. */
export async function attempt<T>(action: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'result', result: await action() };
  } catch (error) {
    const { code = 'none', name = 'none' } = Object(error) as { code?: unknown; name?: unknown };
    return { kind: 'error', code: String(code), name: String(name) };
  }
}

/** Checks that an action fails with one of the error codes. */
export async function checkRefused(
  action: () => unknown,
  codes: readonly string[],
  what: string,
): Promise<void> {
  const outcome = await attempt(action);
  check(outcome.kind === 'error', `${what}: must be refused with ${codes.join(' or ')}, but it was taken`);
  check(codes.includes(outcome.code), `${what}: expected ${codes.join(' or ')}, got code ${outcome.code}`);
}

/** Checks that an action takes no text in place of bytes: something else than its UTF-8 could come of it, without a word. */
export async function checkRefusesText(action: (text: Uint8Array) => unknown, what: string): Promise<void> {
  const outcome = await attempt(() => action('sixteen letters.' as unknown as Uint8Array));
  check(outcome.kind === 'error' || outcome.result === false, `${what}: must refuse text, but it was taken`);
}

/** Makes a value at the first call and gives the same at every other: some keys take seconds to make. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A copy with one bit turned over. */
export function flipBit(data: Uint8Array, bit: number): Uint8Array {
  const copy = data.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

/** Bit numbers spread over the whole data, the first and the last among them. */
export function sampleBits(data: Uint8Array, count = 24): number[] {
  const last = data.length * 8 - 1;
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1))))];
}

/** Bytes that look like nothing in particular, the same at every run. */
export function sampleBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 3) * 13 + 41) & 0xff);
}
