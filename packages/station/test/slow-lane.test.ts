import { describe, expect, it } from '@jest/globals';
import { SlowLane } from '../src/slow-lane.js';

describe('a slow lane', () => {
  it('has as many works under way as it is wide', async () => {
    const lane = new SlowLane({ width: 3, traffic: () => 0 });
    let underWay = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++underWay);
      await new Promise(resolve => setTimeout(resolve, 5));
      underWay--;
    };
    await Promise.all(Array.from({ length: 12 }, () => lane.run('a', work)));
    expect([most, underWay]).toEqual([3, 0]);
  });

  it('serves origins in turn', async () => {
    const lane = new SlowLane({ width: 1, traffic: () => 0 });
    const order: string[] = [];
    const run = (origin: string) => lane.run(origin, async () => void order.push(origin));
    await Promise.all([...Array.from({ length: 5 }, () => run('many')), run('few'), run('few')]);
    // the first began before there were others
    expect(order).toEqual(['many', 'many', 'few', 'many', 'few', 'many', 'many']);
  });

  it('lets others have their turn after each, and gives back what a work gives or throws', async () => {
    const lane = new SlowLane({ width: 2, traffic: () => 0 });
    const order: string[] = [];
    const tick = (left: number): void => {
      order.push('network');
      if (left > 0) setImmediate(tick, left - 1);
    };
    setImmediate(tick, 3);
    const results = await Promise.allSettled(
      [1, 2, 3].map(number =>
        lane.run('a', async () => {
          order.push(`work ${number}`);
          if (number === 2) throw new Error('broken');
          return number;
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const firsts = order.slice(0, 5);
    expect(firsts.filter(name => name === 'network').length).toBeGreaterThanOrEqual(2);
    expect(order.filter(name => name !== 'network')).toEqual(['work 1', 'work 2', 'work 3']);
  });

  it('rests while there is traffic', async () => {
    let traffic = 0;
    const lane = new SlowLane({ width: 1, traffic: () => traffic });
    const timer = setInterval(() => traffic++, 0);
    const busy = setImmediate(function again() {
      traffic++;
      if (traffic < 10_000_000) setImmediate(again);
    });
    const began = performance.now();
    for (let i = 0; i < 10; i++) await lane.run('a', async () => {});
    const took = performance.now() - began;
    clearInterval(timer);
    traffic = 10_000_000;
    clearImmediate(busy);
    expect(took).toBeGreaterThan(15);
  });
});
