import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Emitter } from '../src/emitter.js';

afterEach(() => {
  jest.restoreAllMocks();
});

interface Events {
  readonly ring: number;
  readonly knock: string;
}

describe('Emitter', () => {
  it('calls who listens to this, until he stops', () => {
    const emitter = new Emitter<Events>({ ring: true, knock: true });
    const heard: unknown[] = [];
    const stop = emitter.on('ring', times => heard.push(times));
    emitter.on('knock', who => heard.push(who));
    emitter.emit('ring', 1);
    emitter.emit('knock', 'moki');
    stop();
    stop();
    emitter.emit('ring', 2);
    expect(heard).toEqual([1, 'moki']);
  });

  it('counts each time that a function listens', () => {
    const emitter = new Emitter<Events>({ ring: true, knock: true });
    const heard: number[] = [];
    const listener = (times: number): void => void heard.push(times);
    const stop = emitter.on('ring', listener);
    emitter.on('ring', listener);
    emitter.emit('ring', 1);
    stop();
    emitter.emit('ring', 2);
    expect(heard).toEqual([1, 1, 2]);
  });

  it('calls all although one throws or goes, and raises the error on its own', () => {
    const tasks: (() => void)[] = [];
    jest.spyOn(globalThis, 'queueMicrotask').mockImplementation(task => void tasks.push(task));
    const emitter = new Emitter<Events>({ ring: true, knock: true });
    const heard: string[] = [];
    const error = new Error('a mistake');
    emitter.on('ring', () => {
      stopSecond();
      throw error;
    });
    const stopSecond = emitter.on('ring', () => heard.push('second'));
    emitter.on('ring', () => heard.push('third'));
    emitter.emit('ring', 1);
    expect(heard).toEqual(['second', 'third']);
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toThrow(error);
  });

  it('gives the next event once', async () => {
    const emitter = new Emitter<Events>({ ring: true, knock: true });
    const next = emitter.once('ring');
    emitter.emit('ring', 1);
    emitter.emit('ring', 2);
    expect(await next).toBe(1);
  });

  it('stops waiting for it when that is broken off', async () => {
    const emitter = new Emitter<Events>({ ring: true, knock: true });
    const reason = new Error('never mind');
    await expect(emitter.once('ring', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const next = emitter.once('ring', { signal: controller.signal });
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    const inTime = emitter.once('ring', { signal: new AbortController().signal });
    emitter.emit('ring', 3);
    expect(await inTime).toBe(3);
  });
});
