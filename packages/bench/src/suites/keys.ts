import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Work } from '../interleave.js';
import { type Row, timeRow } from '../row.js';
import { loadSide } from '../sides.js';
import type { Scope, Suite } from '../suite.js';

export const keysSuite: Suite = {
  name: 'keys',
  about: 'making keys, and the longest time for which nothing else got its turn meanwhile',
  async *run(scope) {
    for (const side of scope.sides) {
      const { asymmetric } = await loadSide(side);
      for (const { name, code, bits } of kinds) {
        const algorithm = asymmetric.find(one => one.code === code);
        if (algorithm === undefined) continue;
        const work = (): Promise<unknown> => algorithm.generatePrivateKey(bits === undefined ? {} : { bits });
        const floor = side === 'native' && bits !== undefined ? () => generateBare(bits) : undefined;
        yield* await keyRows(`${side} ${name}`, work, floor, scope);
      }
    }
  },
};

const kinds: readonly { name: string; code: string; bits?: number }[] = [
  { name: 'RSA-1024', code: 'RSA', bits: 1024 },
  { name: 'RSA-2048', code: 'RSA', bits: 2048 },
  { name: 'ECC', code: 'ECC' },
];

function generateBare(bits: number): Promise<unknown> {
  return promisify(generateKeyPair)('rsa', { modulusLength: bits, publicExponent: 65537 });
}

/** How soon a prime is found is chance, so these times spread widely. */
async function keyRows(
  name: string,
  work: Work,
  bare: Work | undefined,
  { slowRounds }: Scope,
): Promise<readonly Row[]> {
  const suite = 'keys';
  const times: number[] = [];
  const floor: number[] = [];
  let longest = 0;
  for (let round = 0; round < slowRounds; round++) {
    const pauses = watchPauses();
    times.push(await microseconds(work));
    longest = Math.max(longest, pauses.stop());
    if (bare !== undefined) floor.push(await microseconds(bare));
  }
  return [
    timeRow({ suite, name, times, ...(bare && { floor }) }),
    { suite, name: `${name} longest pause`, value: longest, unit: 'ms' },
  ];
}

async function microseconds(work: Work): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1000;
}

/** Watches how long timers have to wait, in milliseconds. */
function watchPauses(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  return {
    stop() {
      clearInterval(timer);
      look();
      return longest;
    },
  };
}
