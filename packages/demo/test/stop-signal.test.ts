import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import { NobodyReadsError, stopSignal } from '../src/stop-signal.js';

function process() {
  return Object.assign(new EventEmitter(), { stdout: new EventEmitter() });
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('is aborted by %s, and only by the first', name => {
  const told = process();
  const signal = stopSignal(told);
  expect(signal.aborted).toBe(false);
  told.emit(name);
  expect(signal.reason).toMatchObject({ name: 'AbortError' });
  expect(told.listenerCount(name)).toBe(0);
});

it.each(['EPIPE', 'EIO'])('is aborted by %s of the output, as often as it comes', code => {
  const told = process();
  const signal = stopSignal(told);
  for (let count = 0; count < 2; count++) told.stdout.emit('error', Object.assign(new Error(code), { code }));
  expect(signal.reason).toBeInstanceOf(NobodyReadsError);
});

it('carries any other error of the output', () => {
  const told = process();
  const signal = stopSignal(told);
  const error = Object.assign(new Error('no room'), { code: 'ENOSPC' });
  told.stdout.emit('error', error);
  expect(signal.reason).toBe(error);
});
