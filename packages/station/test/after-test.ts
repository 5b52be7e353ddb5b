import { afterAll, afterEach } from '@jest/globals';

type End = () => unknown;

const ends: End[] = [];
let isOver = false;

afterEach(run);
afterAll(async () => {
  isOver = true;
  await run();
});

/**
 * Has something undone after the test, what was begun last first. At once when there are no more tests: one whose time
 * was over may still go on, and what it begins would keep the runner from ending.
 */
export function afterTest(end: End): void {
  if (isOver) void end();
  else ends.push(end);
}

/** Does something again and again until the test is over, or what comes back is called. */
export function every(milliseconds: number, work: () => unknown): () => void {
  const timer = setInterval(work, milliseconds);
  const stop = (): void => clearInterval(timer);
  afterTest(stop);
  return stop;
}

/** All of them, whatever becomes of each. */
async function run(): Promise<void> {
  const failures: unknown[] = [];
  for (const end of ends.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'expected everything to end in order');
}
