import { describe, expect, it } from '@jest/globals';
import { MemorySessionDirectory } from '../src/memory-session-directory.js';
import { fakeSession } from './delivery-kit.js';
import { someone } from './store-kit.js';

const [anna, bob] = [someone('anna'), someone('bob')];

describe('session directory in memory', () => {
  it('knows the sessions of a user, whatever his terminal', () => {
    const directory = new MemorySessionDirectory();
    const [phone, desk, other] = [fakeSession(anna), fakeSession(anna), fakeSession(bob)];
    for (const session of [phone, desk, other, phone]) directory.add(session);
    expect(directory.ofUser({ ...anna, terminal: 'phone' })).toEqual([phone, desk]);
    expect([directory.sessionCount, directory.userCount]).toEqual([3, 2]);
    directory.remove(phone);
    directory.remove(phone);
    expect(directory.ofUser(anna)).toEqual([desk]);
    directory.remove(desk);
    expect(directory.ofUser(anna)).toEqual([]);
    expect([directory.sessionCount, directory.userCount]).toEqual([1, 1]);
    directory.remove(fakeSession(undefined));
    expect([...directory.onlineUsers()]).toEqual([bob]);
  });

  it('does not show who is paused', () => {
    const directory = new MemorySessionDirectory();
    const [phone, desk] = [fakeSession(anna), fakeSession(anna)];
    directory.add(phone);
    directory.add(desk);
    phone.isPaused = true;
    expect(directory.ofUser(anna)).toEqual([desk]);
    expect([...directory.onlineUsers()]).toEqual([anna]);
    desk.isPaused = true;
    expect([...directory.onlineUsers()]).toEqual([]);
    phone.isPaused = false;
    expect(directory.ofUser(anna)).toEqual([phone]);
  });

  it('refuses a session of nobody', () => {
    expect(() => new MemorySessionDirectory().add(fakeSession(undefined))).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE' }),
    );
  });

  it('remembers keys for 24 hours', () => {
    let now = 1000;
    const directory = new MemorySessionDirectory({ clock: () => now });
    directory.remember('a', { user: anna, device: 'phone' });
    expect(directory.resume('a')).toEqual({ user: anna, device: 'phone' });
    expect(directory.resume('b')).toBeUndefined();
    now += 86_399;
    expect(directory.resume('a')?.user).toBe(anna);
    now += 1;
    expect(directory.resume('a')).toBeUndefined();
  });

  it('remembers so many keys only, the latest', () => {
    const directory = new MemorySessionDirectory({ resumableKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) directory.remember(key, { user: anna, device: '' });
    expect(['a', 'b', 'c'].map(key => directory.resume(key) !== undefined)).toEqual([true, false, true]);
  });
});
