/** @throws {Error} with the text when the condition does not hold */
export function check(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Error(text);
}

/** @throws {Error} when two values are not the same as JSON */
export function checkSame(got: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  check(a === b, `${what}: expected ${b ?? 'nothing'}, got ${a ?? 'nothing'}`);
}
