import { describe, expect, it } from '@jest/globals';
import { ClientSession } from '../src/client-session.js';
import type { Connection } from '../src/connection.js';

function newSession(): ClientSession {
  return new ClientSession({} as Connection, 0);
}

/** A step that ends when it is told to. */
function step(log: string[], name: string) {
  let end = (): void => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  return {
    end: () => end(),
    async run(): Promise<void> {
      log.push(`${name} begins`);
      await ended;
      log.push(`${name} ends`);
    },
  };
}

const turn = (): Promise<void> => new Promise(setImmediate);

describe('steps of a session', () => {
  it('are done one after the other, also when one fails', async () => {
    const session = newSession();
    const log: string[] = [];
    const [first, second] = [step(log, 'first'), step(log, 'second')];
    const failing = session.inTurn(async () => {
      await first.run();
      throw new Error('failed');
    });
    const following = session.inTurn(second.run);
    await turn();
    expect(log).toEqual(['first begins']);
    first.end();
    await expect(failing).rejects.toThrow('failed');
    second.end();
    await following;
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('pass when nothing is under way, and all others wait for those that passed', async () => {
    const session = newSession();
    const log: string[] = [];
    expect([session.pass(), session.pass()]).toEqual([true, true]);
    const waiting = session.inTurn(async () => void log.push('in turn'));
    expect(session.pass()).toBe(false);
    session.passed();
    await turn();
    expect(log).toEqual([]);
    session.passed();
    await waiting;
    expect(log).toEqual(['in turn']);
    expect(session.pass()).toBe(true);
    session.passed();
  });

  it('do not pass while one is under way', async () => {
    const session = newSession();
    const slow = step([], 'slow');
    const working = session.inTurn(slow.run);
    expect(session.pass()).toBe(false);
    slow.end();
    await working;
    expect(session.pass()).toBe(true);
  });

  it('are held up in order', async () => {
    const session = newSession();
    const log: string[] = [];
    const [first, second] = [step(log, 'first'), step(log, 'second')];
    expect([session.pass(), session.pass(), session.isHeldUp]).toEqual([true, true, false]);
    const both = [session.holdUp(first.run), session.holdUp(second.run)];
    second.end();
    await turn();
    expect([log, session.isHeldUp]).toEqual([['first begins'], true]);
    first.end();
    await Promise.all(both);
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(session.isHeldUp).toBe(false);
  });
});
