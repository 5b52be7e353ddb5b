import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryReplayMemory } from '../src/replay-memory.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('MemoryReplayMemory', () => {
  it('remembers for as long as its window', () => {
    let now = 1000;
    const memory = new MemoryReplayMemory({ window: 10, clock: () => now });
    memory.add('one', 1000);
    now = 1010;
    expect(memory.has('one')).toBe(true);
    now = 1011;
    expect(memory.has('one')).toBe(false);
    expect(memory.has('two')).toBe(false);
  });

  it('remembers as many as its capacity, the newest', () => {
    const memory = new MemoryReplayMemory({ capacity: 2, clock: () => 0 });
    for (const name of ['one', 'two', 'one', 'three']) memory.add(name, 0);
    expect(['one', 'two', 'three'].map(name => memory.has(name))).toEqual([true, false, true]);
  });

  it('has a window of 30 days and the time of the platform unless told', () => {
    const month = 30 * 86_400;
    jest.useFakeTimers({ now: 0 });
    const memory = new MemoryReplayMemory();
    memory.add('one', 0);
    jest.setSystemTime(month * 1000);
    expect(memory.has('one')).toBe(true);
    jest.setSystemTime((month + 1) * 1000);
    expect(memory.has('one')).toBe(false);
  });
});
