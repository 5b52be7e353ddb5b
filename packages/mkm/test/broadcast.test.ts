import { describe, expect, it } from '@jest/globals';
import {
  anyone,
  broadcastAddress,
  broadcastGroup,
  createID,
  everyone,
  everywhere,
  founder,
  isBroadcastID,
} from '../src/index.js';
import { id } from './kit.js';

describe('broadcastAddress', () => {
  it('reads the two words in any capitals', () => {
    const texts = ['anywhere', 'ANYWHERE', 'everywhere', 'eVeRyWhErE'];
    expect(texts.map(text => broadcastAddress.parse(text)?.text)).toEqual([
      'anywhere',
      'anywhere',
      'everywhere',
      'everywhere',
    ]);
  });

  it.each(['anywher', 'anywhere ', 'nowhere', '', 'anywherE\u0307', 'every\u0174here', '\u212Anywhere'])(
    'gives nothing for %p',
    text => {
      expect(broadcastAddress.parse(text)).toBeUndefined();
    },
  );
});

describe('the constants', () => {
  it('are these texts', () => {
    expect([anyone, everyone, founder].map(({ text }) => text)).toEqual([
      'anyone@anywhere',
      'everyone@everywhere',
      'moky@anywhere',
    ]);
  });

  it('are broadcast IDs, and people are not', () => {
    expect([anyone, everyone, founder, id('x@AnyWhere/t')].map(isBroadcastID)).not.toContain(false);
    expect(isBroadcastID(id('hulk'))).toBe(false);
  });
});

describe('broadcastGroup', () => {
  it.each(['everyone@everywhere', 'everywhere', '@everywhere'])('%s: everybody', text => {
    expect(broadcastGroup(id(text))).toEqual({ founder, owner: anyone, members: [anyone] });
  });

  it.each(['stations', 'Everyone', '名'])('%s: people named after it', name => {
    const group = broadcastGroup(createID({ name, address: everywhere }));
    expect(group.founder.text).toBe(`${name}.founder@anywhere`);
    expect(group.owner.text).toBe(`${name}.owner@anywhere`);
    expect(group.members.map(({ text }) => text)).toEqual([
      `${name}.owner@anywhere`,
      `${name}.member@anywhere`,
    ]);
  });
});
