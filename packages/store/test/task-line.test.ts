import { describe, expect, it } from '@jest/globals';
import { TaskLine } from '../src/task-line.js';

/** A promise with the functions that end it. */
function pending<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  return { promise, resolve, reject };
}

describe('a line of tasks', () => {
  it('runs a task at once when there is none before, and gives what it gives', () => {
    const line = new TaskLine();
    expect(line.run(() => 7)).toBe(7);
    expect(line.busy).toBeUndefined();
    expect(() =>
      line.run(() => {
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
    expect(line.run(() => 8)).toBe(8);
  });

  it('runs each when the one before has ended, also when that fails', async () => {
    const line = new TaskLine();
    const [first, second] = [pending<string>(), pending<string>()];
    const order: string[] = [];
    const note = <T>(name: string, value: T): T => {
      order.push(name);
      return value;
    };
    const a = line.run(() => note('a', first.promise));
    const b = line.run(() => note('b', second.promise));
    const c = line.run(() => note('c', 3));
    expect(order).toEqual(['a']);
    first.reject(new RangeError('a failed'));
    await expect(a).rejects.toThrow('a failed');
    second.resolve('b is done');
    expect(await b).toBe('b is done');
    expect(await c).toBe(3);
    expect(order).toEqual(['a', 'b', 'c']);
    await line.busy;
    expect(line.busy).toBeUndefined();
    expect(line.run(() => 4)).toBe(4);
  });

  it('lets nobody in while others wait', async () => {
    const line = new TaskLine();
    const first = pending<void>();
    const order: number[] = [];
    const runs = [line.run(() => first.promise), line.run(() => order.push(1))];
    first.resolve();
    // the first has ended, and the second has not begun
    await Promise.resolve();
    runs.push(line.run(() => order.push(2)));
    await Promise.all(runs);
    expect(order).toEqual([1, 2]);
  });
});
