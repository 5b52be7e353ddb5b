import { describe, expect, it } from '@jest/globals';
import { atMost, Closers } from '../src/closers.js';

describe('closers', () => {
  it('close in reverse order, once, and go on when one fails', async () => {
    const closers = new Closers();
    const order: number[] = [];
    const failure = new Error('second');
    closers.add(() => order.push(1));
    closers.add(async () => {
      order.push(2);
      throw failure;
    });
    closers.add(async () => order.push(3));
    await expect(closers.close()).rejects.toBe(failure);
    await closers.close();
    expect(order).toEqual([3, 2, 1]);
  });

  it('tell all failures when there are more', async () => {
    const closers = new Closers();
    for (const text of ['one', 'two']) {
      closers.add(() => {
        throw new Error(text);
      });
    }
    await expect(closers.close()).rejects.toMatchObject({ errors: [{ message: 'two' }, { message: 'one' }] });
  });
});

describe('at most so many seconds', () => {
  it('are waited for what may not end', async () => {
    await atMost(0.01, new Promise(() => {}));
    await expect(atMost(10, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
