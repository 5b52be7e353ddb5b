import { describe, expect, it } from '@jest/globals';
import { UsedKeys } from '../src/used-keys.js';

describe('used keys', () => {
  it('work once', () => {
    const keys = new UsedKeys(() => 0);
    expect(['a', 'b', 'a', 'b'].map(key => keys.use(key))).toEqual([true, true, false, false]);
  });

  it('are known for as long as they could be good, and bounded', () => {
    let now = 0;
    const keys = new UsedKeys(() => now, 2);
    keys.use('a');
    now = 86_399;
    expect(keys.use('a')).toBe(false);
    now = 86_400;
    keys.use('b');
    expect(keys.use('a')).toBe(true);
    keys.use('c');
    expect(keys.use('b')).toBe(true);
  });
});
