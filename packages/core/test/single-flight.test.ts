import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from '../src/single-flight.js';

/** A load that is ended by hand. */
function pending<T>(): {
  load: () => Promise<T>;
  end: (value: T) => void;
  fail: (error: Error) => void;
  started: number;
} {
  let end!: (value: T) => void;
  let fail!: (error: Error) => void;
  const promise = new Promise<T>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const result = {
    started: 0,
    end,
    fail,
    load: () => {
      result.started += 1;
      return promise;
    },
  };
  return result;
}

describe('SingleFlight', () => {
  it('makes one load of two at the same time, and remembers the value', async () => {
    const cache = new SingleFlight<string>(10);
    const flight = pending<string>();
    const both = [cache.get('a', flight.load), cache.get('a', flight.load)];
    flight.end('A');
    expect(await Promise.all(both)).toEqual(['A', 'A']);
    expect(cache.get('a', flight.load)).toBe('A');
    expect(flight.started).toBe(1);
  });

  it('keeps keys apart', async () => {
    const cache = new SingleFlight<string>(10);
    const keys = ['a', 'b', '__proto__', ''];
    expect(await Promise.all(keys.map(key => cache.get(key, () => `value of ${key}`)))).toEqual(
      keys.map(key => `value of ${key}`),
    );
  });

  it('does not remember a failure or a miss', async () => {
    const cache = new SingleFlight<string>(10);
    const failing = pending<string>();
    const both = [cache.get('a', failing.load), cache.get('a', failing.load)];
    failing.fail(new Error('offline'));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.get('a', () => undefined)).toBeUndefined();
    expect(await cache.get('a', () => 'A')).toBe('A');
  });

  it('does not remember what throws at once', async () => {
    const cache = new SingleFlight<string>(10);
    const load = (): string => {
      throw new Error('broken');
    };
    await expect(cache.get('a', load)).rejects.toThrow('broken');
    expect(await cache.get('a', () => 'A')).toBe('A');
  });

  it('lets a set during a flight win', async () => {
    const cache = new SingleFlight<string>(10);
    const flight = pending<string>();
    const old = cache.get('a', flight.load);
    cache.set('a', 'new');
    flight.end('old');
    expect(await old).toBe('old');
    expect(cache.get('a', flight.load)).toBe('new');
  });

  it('forgets what was deleted during a flight, and a later flight is its own', async () => {
    const cache = new SingleFlight<string>(10);
    const [first, second] = [pending<string>(), pending<string>()];
    const old = cache.get('a', first.load);
    cache.delete('a');
    const newer = cache.get('a', second.load);
    first.end('old');
    expect(await old).toBe('old');
    expect(cache.get('a', second.load)).toBe(newer);
    second.end('new');
    expect(await newer).toBe('new');
    expect(cache.get('a', first.load)).toBe('new');
  });

  it('keeps as many as it may; the oldest go first', () => {
    const cache = new SingleFlight<string>(2);
    const none = (): undefined => undefined;
    cache.set('a', 'A');
    cache.set('b', 'B');
    cache.set('a', 'A2');
    cache.set('c', 'C');
    expect(cache.get('a', none)).toBe('A2');
    expect(cache.get('c', none)).toBe('C');
    expect(cache.get('b', none)).toBeInstanceOf(Promise);
  });

  it('drops every second value', () => {
    const cache = new SingleFlight<number>(10);
    for (let i = 0; i < 7; i++) cache.set(`${i}`, i);
    expect(cache.reduce()).toBe(4);
    expect(cache.get('0', () => undefined)).toBe(0);
    expect(cache.get('1', () => undefined)).toBeInstanceOf(Promise);
    expect([cache.reduce(), cache.reduce(), cache.reduce()]).toEqual([2, 1, 1]);
    expect(new SingleFlight(1).reduce()).toBe(0);
  });

  it('remembers values that look like nothing', async () => {
    const cache = new SingleFlight<number | string | null>(10);
    cache.set('zero', 0);
    cache.set('empty', '');
    expect([cache.get('zero', () => 1), cache.get('empty', () => 'x')]).toEqual([0, '']);
  });
});
