import { parseID } from '@dimp/mkm';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Missing } from '../src/index.js';
import { WaitingRoom } from '../src/waiting-room.js';
import { protocol } from './kit.js';

const hulk = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', protocol);
const moki = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);
const onPhone = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk/phone', protocol);

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A room, and what became of those who waited in it. */
function roomWith(options: ConstructorParameters<typeof WaitingRoom>[0]): {
  room: WaitingRoom;
  log: string[];
  wait(name: string, missing: Missing): void;
} {
  const room = new WaitingRoom(options);
  const log: string[] = [];
  return {
    room,
    log,
    wait: (name, missing) =>
      room.add({
        missing,
        resume: () => void log.push(`${name} goes on`),
        giveUp: ({ code }) => void log.push(`${name} ${code}`),
      }),
  };
}

describe('a waiting room', () => {
  it('lets go on who waited for what came, whatever the terminal, in order', () => {
    const { room, log, wait } = roomWith({});
    wait('one', { what: 'meta', id: moki });
    wait('two', { what: 'profile', id: moki });
    wait('three', { what: 'meta', id: hulk });
    wait('four', { what: 'meta', id: onPhone });
    room.arrived({ what: 'meta', id: moki });
    expect(log).toEqual(['one goes on', 'four goes on']);
    expect(room.size).toBe(2);
    room.arrived({ what: 'meta', id: moki });
    expect(log).toHaveLength(2);
  });

  it('gives each the same patience, ten minutes unless told', () => {
    const { room, log, wait } = roomWith({});
    wait('one', { what: 'meta', id: moki });
    jest.advanceTimersByTime(300_000);
    wait('two', { what: 'meta', id: moki });
    jest.advanceTimersByTime(300_000);
    expect(log).toEqual(['one ERR_WAITING_EXPIRED']);
    jest.advanceTimersByTime(300_000);
    expect(log).toEqual(['one ERR_WAITING_EXPIRED', 'two ERR_WAITING_EXPIRED']);
    expect(room.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('goes on timing those behind one who has left', () => {
    const { room, log, wait } = roomWith({ patience: 10 });
    wait('one', { what: 'meta', id: moki });
    jest.advanceTimersByTime(5000);
    wait('two', { what: 'meta', id: hulk });
    room.arrived({ what: 'meta', id: moki });
    jest.advanceTimersByTime(9999);
    expect(log).toEqual(['one goes on']);
    jest.advanceTimersByTime(1);
    expect(log).toEqual(['one goes on', 'two ERR_WAITING_EXPIRED']);
  });

  it.each([Number.POSITIVE_INFINITY, 10 ** 9])('can have patience for %d seconds', patience => {
    const timeouts = jest.spyOn(globalThis, 'setTimeout');
    const { room, log, wait } = roomWith({ patience });
    wait('one', { what: 'meta', id: moki });
    // longer timers would fire at once, and again and again
    for (const [, delay] of timeouts.mock.calls) expect(delay).toBeLessThan(2 ** 31);
    jest.advanceTimersByTime(2 ** 31);
    expect(timeouts.mock.calls.length).toBeLessThan(4);
    expect(log).toEqual([]);
    expect(room.size).toBe(1);
  });

  it('gives up the oldest when it is full', () => {
    const { log, room, wait } = roomWith({ capacity: 2 });
    for (const name of ['one', 'two', 'three', 'four']) wait(name, { what: 'meta', id: moki });
    expect(log).toEqual(['one ERR_WAITING_CROWDED', 'two ERR_WAITING_CROWDED']);
    expect(room.size).toBe(2);
  });

  it('ends everything when it closes, and what comes later', () => {
    const { log, room, wait } = roomWith({});
    wait('one', { what: 'members', id: moki });
    wait('two', { what: 'meta', id: hulk });
    room.close();
    expect(jest.getTimerCount()).toBe(0);
    wait('three', { what: 'meta', id: hulk });
    expect(log).toEqual(['one ERR_WAITING_CLOSED', 'two ERR_WAITING_CLOSED', 'three ERR_WAITING_CLOSED']);
    expect(room.size).toBe(0);
  });
});
