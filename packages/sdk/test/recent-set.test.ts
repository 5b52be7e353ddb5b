import { describe, expect, it } from '@jest/globals';
import { RecentSet } from '../src/recent-set.js';

describe('RecentSet', () => {
  it('forgets each when its time is over, and the oldest when it is full', () => {
    let now = 0;
    const set = new RecentSet({ window: 10, capacity: 2, clock: () => now });
    set.add('one');
    now = 5;
    set.add('two');
    expect([set.has('one'), set.has('two')]).toEqual([true, true]);
    now = 10;
    expect([set.has('one'), set.has('two')]).toEqual([false, true]);
    set.add('three');
    set.add('four');
    expect(['two', 'three', 'four'].map(text => set.has(text))).toEqual([false, true, true]);
    set.delete('four');
    expect(set.has('four')).toBe(false);
  });

  it('counts the time from the last adding', () => {
    let now = 0;
    const set = new RecentSet({ window: 10, clock: () => now });
    set.add('one');
    now = 9;
    set.add('one');
    now = 18;
    expect(set.has('one')).toBe(true);
  });
});
