import { describe, expect, it } from '@jest/globals';
import { Backoff } from '../src/websocket/backoff.js';

describe('a backoff of 1 to 60 seconds', () => {
  it('doubles up to its bound, by chance between half and all of it', () => {
    for (let run = 0; run < 50; run++) {
      const backoff = new Backoff({ firstSeconds: 1, maxSeconds: 60 });
      for (const most of [1, 2, 4, 8, 16, 32, 60, 60]) {
        const seconds = backoff.next();
        expect(seconds).toBeGreaterThanOrEqual(most / 2);
        expect(seconds).toBeLessThanOrEqual(most);
      }
    }
  });

  it('is not the same for all', () => {
    const waits = Array.from({ length: 20 }, () => new Backoff({ firstSeconds: 1, maxSeconds: 60 }).next());
    expect(new Set(waits).size).toBeGreaterThan(1);
  });

  it('begins anew, and never ends', () => {
    const backoff = new Backoff({ firstSeconds: 1, maxSeconds: 60 });
    for (let failures = 0; failures < 2000; failures++) expect(backoff.next()).toBeLessThanOrEqual(60);
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(1);
  });
});
