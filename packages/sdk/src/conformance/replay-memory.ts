import type { TestRunner } from '@dimp/crypto/conformance';
import type { Awaitable } from '@dimp/mkm';
import type { ReplayMemory } from '../replay-memory.js';
import { checkSame } from './check.js';

/** What the suite is told. */
export interface ReplayMemoryConformance {
  /** Makes an empty memory with these bounds. Each test asks for one of its own. */
  readonly create: (bounds: ReplayBounds) => Awaitable<ReplayMemory>;
  /** Opens again what is kept of a memory, as the next run of a program does. Without it that is not tested. */
  readonly reopen?: (memory: ReplayMemory) => Awaitable<ReplayMemory>;
}

/** How the memory of a test is bounded. */
export interface ReplayBounds {
  /** Seconds for which a message is remembered. */
  readonly window: number;
  /** Messages remembered; the oldest go first. */
  readonly capacity: number;
  /** Seconds since 1970. */
  readonly clock: () => number;
}

/** What every replay memory must do: remember what was accepted, for as long and as much as it was told. */
export function replayMemoryConformance(runner: TestRunner, options: ReplayMemoryConformance): void {
  const { create, reopen } = options;
  const start = 1_700_000_000;
  const bounds = { window: 1000, capacity: 100, clock: () => start };

  runner.describe('replay memory', () => {
    runner.it('remembers what was added and nothing else', async () => {
      const memory = await create(bounds);
      checkSame(await memory.has('a'), false, 'at first');
      await memory.add('a', start);
      checkSame(await memory.has('a'), true, 'what was added');
      for (const other of ['b', 'A', '', 'a ', '__proto__', 'constructor']) {
        checkSame(await memory.has(other), false, `another: ${JSON.stringify(other)}`);
      }
    });

    runner.it('takes any text, and the same one twice', async () => {
      const memory = await create(bounds);
      const texts = ['__proto__', 'a/b+c==', 'ä😀', 'x'.repeat(1000)];
      for (const text of [...texts, ...texts]) await memory.add(text, start);
      for (const text of texts) checkSame(await memory.has(text), true, JSON.stringify(text.slice(0, 10)));
    });

    runner.it('forgets what is older than its window', async () => {
      let now = start;
      const memory = await create({ ...bounds, clock: () => now });
      await memory.add('a', start);
      now = start + 1000;
      checkSame(await memory.has('a'), true, 'at the end of the window');
      await memory.add('b', now);
      now = start + 1001;
      checkSame(await memory.has('a'), false, 'after it');
      checkSame(await memory.has('b'), true, 'a later one');
      await memory.add('a', now);
      checkSame(await memory.has('a'), true, 'the same again');
    });

    runner.it('forgets the oldest when there are too many', async () => {
      const memory = await create(bounds);
      for (let i = 0; i < 150; i++) await memory.add(`message ${i}`, start);
      checkSame(await memory.has('message 149'), true, 'the newest');
      checkSame(await memory.has('message 100'), true, 'one well within the capacity');
      checkSame(await memory.has('message 49'), false, 'one beyond the capacity');
    });

    runner.it('takes many at the same time', async () => {
      const memory = await create(bounds);
      const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
      await Promise.all(texts.map(async text => memory.add(text, start)));
      for (const text of texts) checkSame(await memory.has(text), true, text);
    });

    if (reopen === undefined) return;
    runner.it('remembers in the next run of the program, and in the same order', async () => {
      const memory = await create(bounds);
      for (let i = 0; i < 90; i++) await memory.add(`message ${i}`, start);
      const next = await reopen(memory);
      for (let i = 0; i < 90; i++) checkSame(await next.has(`message ${i}`), true, `message ${i}`);
      for (let i = 90; i < 150; i++) await next.add(`message ${i}`, start);
      checkSame(await next.has('message 49'), false, 'one beyond the capacity');
      checkSame(await next.has('message 100'), true, 'one within it');
    });
  });
}
