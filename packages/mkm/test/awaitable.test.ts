import { describe, expect, it } from '@jest/globals';
import { isPending, whenReady } from '../src/awaitable.js';

describe('a value that may still have to come', () => {
  it('is gone on with at once when it is here', () => {
    expect(whenReady(2, value => value + 1)).toBe(3);
    expect(whenReady(null, value => value)).toBeNull();
    expect(whenReady(undefined, () => 'next')).toBe('next');
    expect(isPending('then')).toBe(false);
  });

  it('is gone on with later when it is a promise', async () => {
    const next = whenReady(Promise.resolve(2), two => Promise.resolve(two + 1));
    expect(isPending(next)).toBe(true);
    expect(await next).toBe(3);
  });

  it('fails as it fails', async () => {
    await expect(whenReady(Promise.reject(new RangeError('none')), () => 1)).rejects.toThrow('none');
    expect(() =>
      whenReady(1, () => {
        throw new RangeError('next');
      }),
    ).toThrow('next');
  });
});
