// FAULT_SEED=42 npm test: at which moments things go wrong
const given = process.env['FAULT_SEED'];

/** Where chance begins; titles of tests show it. */
export const seed: number = Number(given || (process.env['CI'] ? 20181211 : Date.now() % 2 ** 31));

/** Numbers from 0 to 1 that depend on the seed and a name alone (mulberry32). */
export function numbers(name: string): () => number {
  let state = seed | 0;
  for (const letter of name) state = (Math.imul(state, 31) + letter.charCodeAt(0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often, from the environment: `countOf('FAULT_ROUNDS', 5)`. */
export function countOf(name: string, ordinary: number): number {
  return Number(process.env[name] || ordinary);
}
