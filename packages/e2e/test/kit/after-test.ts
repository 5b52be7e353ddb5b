import { afterAll, afterEach, beforeAll } from '@jest/globals';

type End = () => unknown;

const ends: { readonly file: End[]; readonly test: End[] } = { file: [], test: [] };
let isBefore = false;
let isOver = false;

beforeAll(() => {
  isBefore = true;
});
afterEach(() => run(ends.test));
afterAll(async () => {
  isOver = true;
  await run(ends.test);
  await run(ends.file);
});

/**
 * Does something after the test, or, when it was called before the first, after the tests of the file. At once when
 * there are no more tests: one whose time was over may still go on, and what it begins would keep the runner from ending.
 */
export function afterTest(end: End): void {
  if (isOver) void end();
  else (isBefore ? ends.test : ends.file).push(end);
}

/** What is set up within is for all tests of the file. */
export async function forAllTests<T>(setUp: () => Promise<T>): Promise<T> {
  isBefore = false;
  try {
    return await setUp();
  } finally {
    isBefore = true;
  }
}

/** Last first, all of them, whatever becomes of each. */
async function run(list: End[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of list.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'expected everything to end in order');
}
