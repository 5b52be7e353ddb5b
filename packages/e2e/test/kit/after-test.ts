import { afterAll, afterEach, beforeAll } from '@jest/globals';

type End = () => unknown;

const ends: { readonly file: End[]; readonly test: End[] } = { file: [], test: [] };
let isBefore = false;

beforeAll(() => {
  isBefore = true;
});
afterEach(() => run(ends.test));
afterAll(() => run(ends.file));

/** Does something after the test, or, when it was called before the first, after the tests of the file. */
export function afterTest(end: End): void {
  (isBefore ? ends.test : ends.file).push(end);
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
  for (const end of list.splice(0).reverse()) await end();
}
