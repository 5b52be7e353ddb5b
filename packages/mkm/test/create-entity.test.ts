import { describe, expect, it } from '@jest/globals';
import {
  createBtcAddress,
  createGroup,
  createID,
  createUser,
  Group,
  type ID,
  isGroupID,
  isUserID,
  Polylogue,
  Robot,
  ServiceProvider,
  Station,
  User,
} from '../src/index.js';
import { codeOf, context, id, source } from './kit.js';

const on = (network: number): ID =>
  createID({ name: 'x', address: createBtcAddress(new Uint8Array(4), network) });

describe('createUser', () => {
  it.each([
    ['hulk', User],
    ['robot', Robot],
    ['station', Station],
    ['anyone@anywhere', User],
  ])('makes of %s the right one', (name, kind) => {
    const made = createUser(id(name), source(), context);
    expect(made.constructor).toBe(kind);
    expect(made.id.key).toBe(id(name).key);
  });

  it.each([0x10, 0x30, 0x76, 0x80, 0x18, 0xff, 1])('makes nothing of network %d', network => {
    expect(codeOf(() => createUser(on(network), source(), context))).toBe('ERR_UNSUPPORTED');
  });

  it('makes no user of a broadcast group', () => {
    expect(codeOf(() => createUser(id('everyone@everywhere'), source(), context))).toBe('ERR_UNSUPPORTED');
  });
});

describe('createGroup', () => {
  it.each([
    ['group', Polylogue],
    ['provider', ServiceProvider],
    ['everyone@everywhere', Group],
  ])('makes of %s the right one', (name, kind) => {
    expect(createGroup(id(name), source(), context).constructor).toBe(kind);
  });

  it.each([0, 0x08, 0x80, 0x88, 0xc8, 0x18, 0x11])('makes nothing of network %d', network => {
    expect(codeOf(() => createGroup(on(network), source(), context))).toBe('ERR_UNSUPPORTED');
  });

  it('says that chatrooms are reserved', () => {
    expect(() => createGroup(on(0x30), source(), context)).toThrow('chatrooms are reserved');
  });
});

describe('generation 2', () => {
  it('reads the numbers its way, those of broadcasts excepted', () => {
    expect(createUser(on(2), source(), context, 2)).toBeInstanceOf(Station);
    expect(createGroup(on(1), source(), context, 2)).toBeInstanceOf(Polylogue);
    expect([isUserID(on(4), 2), isGroupID(on(4), 2)]).toEqual([true, false]);
    const everyone = id('everyone@everywhere');
    expect([isUserID(everyone, 2), isGroupID(everyone, 2)]).toEqual([false, true]);
    expect(createGroup(everyone, source(), context, 2)).toBeInstanceOf(Group);
  });
});
