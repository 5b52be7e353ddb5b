import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Heartbeat } from '../src/websocket/heartbeat.js';

const happened: string[] = [];
let isAlive = false;
let heartbeat: Heartbeat;

beforeEach(() => {
  jest.useFakeTimers();
  happened.length = 0;
  isAlive = false;
  heartbeat = new Heartbeat({
    seconds: 16,
    ask: () => void happened.push('ask'),
    isAlive: () => isAlive,
    gone: () => void happened.push('gone'),
  });
});
afterEach(() => {
  heartbeat.stop();
  jest.useRealTimers();
});

describe('a heartbeat of 16 seconds', () => {
  it('asks after one interval of silence and gives up after two', () => {
    jest.advanceTimersByTime(15_900);
    expect(happened).toEqual([]);
    jest.advanceTimersByTime(200);
    expect(happened).toEqual(['ask']);
    jest.advanceTimersByTime(15_800);
    expect(happened).toEqual(['ask']);
    jest.advanceTimersByTime(200);
    expect(happened).toEqual(['ask', 'gone']);
    jest.advanceTimersByTime(100_000);
    expect(happened).toEqual(['ask', 'gone']);
  });

  it('counts from the last that was heard', () => {
    jest.advanceTimersByTime(10_000);
    heartbeat.heard();
    jest.advanceTimersByTime(15_000);
    expect(happened).toEqual([]);
    jest.advanceTimersByTime(1_100);
    expect(happened).toEqual(['ask']);
    heartbeat.heard();
    jest.advanceTimersByTime(16_100);
    expect(happened).toEqual(['ask', 'ask']);
  });

  it('goes on when something else shows life', () => {
    isAlive = true;
    jest.advanceTimersByTime(64_100);
    expect(happened).toEqual(['ask', 'ask']);
    isAlive = false;
    jest.advanceTimersByTime(32_000);
    expect(happened).toEqual(['ask', 'ask', 'ask', 'gone']);
  });

  it('asks first after a sleep of the machine', () => {
    // timers stood still, the clock did not
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
    jest.advanceTimersByTime(16_100);
    expect(happened).toEqual(['ask']);
    clock.mockRestore();
  });

  it('is silent when it is stopped', () => {
    heartbeat.stop();
    jest.advanceTimersByTime(100_000);
    expect(happened).toEqual([]);
  });
});
