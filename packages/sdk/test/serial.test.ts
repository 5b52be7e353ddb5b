import { describe, expect, it } from '@jest/globals';
import { Serial } from '../src/serial.js';
import { deferred } from './kit.js';

describe('Serial', () => {
  it('runs one task after the other, urgent ones first, whatever becomes of them', async () => {
    const serial = new Serial();
    const log: string[] = [];
    const gate = deferred();
    const first = serial.run(async () => {
      await gate.promise;
      log.push('first');
      return 1;
    });
    const failing = serial.run(async () => {
      log.push('failing');
      throw new RangeError('no');
    });
    const last = serial.run(async () => void log.push('last'));
    await Promise.resolve();
    const urgent = serial.run(async () => void log.push('urgent'), true);
    const alsoUrgent = serial.run(async () => void log.push('also urgent'), true);
    gate.resolve();
    await expect(failing).rejects.toThrow(RangeError);
    await Promise.all([last, urgent, alsoUrgent]);
    expect(await first).toBe(1);
    expect(log.slice(0, 1)).toEqual(['first']);
    expect(log).toEqual(['first', 'urgent', 'also urgent', 'failing', 'last']);
  });

  it('is idle when everything has ended', async () => {
    const serial = new Serial();
    await serial.idle();
    let done = 0;
    const gate = deferred();
    for (const _ of [1, 2, 3]) {
      void serial.run(async () => {
        await gate.promise;
        done++;
      });
    }
    gate.resolve();
    await serial.idle();
    expect(done).toBe(3);
    await serial.run(async () => void done++);
    expect(done).toBe(4);
  });
});
