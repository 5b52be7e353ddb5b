import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from '../src/limits/rate-limiter.js';

describe('a rate limiter', () => {
  const rates = { messagesPerSecond: 10, bytesPerSecond: 1000, burst: 2 };
  let time = 1000;
  const limiter = () => new RateLimiter(rates, () => time);

  it('lets a burst pass and then tells how long to wait', () => {
    const limit = limiter();
    for (let i = 0; i < 20; i++) expect(limit.take(1, 1)).toBe(0);
    expect(limit.take(1, 1)).toBeCloseTo(0.1);
    expect(limit.take(5, 1)).toBeCloseTo(0.5);
  });

  it('takes nothing when it says wait', () => {
    const limit = limiter();
    expect(limit.take(20, 0)).toBe(0);
    expect(limit.take(1, 2000)).toBeCloseTo(0.1);
    expect(limit.take(0, 2000)).toBe(0);
  });

  it('lets pass after exactly the time it told', () => {
    const limit = limiter();
    limit.take(20, 0);
    time += limit.take(7, 0);
    expect(limit.take(7, 0)).toBe(0);
    expect(limit.take(1, 0)).toBeGreaterThan(0);
  });

  it('counts bytes for themselves', () => {
    const limit = limiter();
    expect(limit.take(1, 1900)).toBe(0);
    expect(limit.take(1, 200)).toBeCloseTo(0.1);
    expect(limit.take(1, 100)).toBe(0);
  });

  it('takes what is larger than a bucket when that is full, and has it waited for', () => {
    const limit = limiter();
    expect(limit.take(1, 5000)).toBe(0);
    expect(limit.take(1, 1000)).toBeCloseTo(4);
    time += 4;
    expect(limit.take(1, 1000)).toBe(0);
  });

  it('saves up no more than a burst, and loses nothing by a clock set back', () => {
    const limit = limiter();
    time += 1_000_000;
    expect(limit.take(20, 0)).toBe(0);
    expect(limit.take(1, 0)).toBeCloseTo(0.1);
    time -= 500;
    expect(limit.take(1, 0)).toBeCloseTo(0.1);
    time += 0.1;
    expect(limit.take(1, 0)).toBe(0);
  });

  it('goes by a clock of its own when it is handed none', () => {
    const limit = new RateLimiter({ messagesPerSecond: 0.001, bytesPerSecond: 1, burst: 1000 });
    expect(limit.take(1, 0)).toBe(0);
    expect(limit.take(1, 0)).toBeGreaterThan(100);
  });
});
