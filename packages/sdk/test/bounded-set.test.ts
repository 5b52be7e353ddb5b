import { describe, expect, it } from '@jest/globals';
import { BoundedSet } from '../src/bounded-set.js';

describe('BoundedSet', () => {
  it('forgets the oldest when it is full', () => {
    const set = new BoundedSet(2);
    for (const text of ['one', 'two', 'one', 'three']) set.add(text);
    expect(['one', 'two', 'three'].map(text => set.has(text))).toEqual([false, true, true]);
  });
});
