import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import { RateLimiter } from '../src/limits/rate-limiter.js';

const steps = fc.array(
  fc.record({
    pause: fc.double({ min: 0, max: 3, noNaN: true }),
    messages: fc.nat(30),
    bytes: fc.nat(4000),
  }),
  { maxLength: 60 },
);

test.prop([steps])('never lets more pass than the rate, a burst and one thing too large for it', tries => {
  const rates = { messagesPerSecond: 5, bytesPerSecond: 500, burst: 3 };
  let time = 0;
  let [messages, bytes] = [0, 0];
  const limit = new RateLimiter(rates, () => time);
  for (const step of tries) {
    time += step.pause;
    if (limit.take(step.messages, step.bytes) > 0) continue;
    messages += step.messages;
    bytes += step.bytes;
    expect(messages).toBeLessThanOrEqual(5 * (time + 3) + 30);
    expect(bytes).toBeLessThanOrEqual(500 * (time + 3) + 4000);
  }
});

test.prop([steps])('lets pass what waited as long as it was told', tries => {
  let time = 0;
  const limit = new RateLimiter({ messagesPerSecond: 5, bytesPerSecond: 500, burst: 3 }, () => time);
  for (const { pause, messages, bytes } of tries) {
    time += pause;
    time += limit.take(messages, bytes);
    const again = limit.take(messages, bytes);
    // taken the first time already when there was no wait: then it may be its turn to wait
    if (again > 0) {
      time += again;
      expect(limit.take(messages, bytes)).toBe(0);
    }
  }
});
