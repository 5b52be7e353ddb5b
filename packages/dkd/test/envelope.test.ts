import { describe, expect, it } from '@jest/globals';
import { formatEnvelope, isBroadcast, parseEnvelope } from '../src/index.js';
import { codeOf, context, id } from './kit.js';

const sender = id('hulk').text;
const receiver = id('moki').text;

describe('parseEnvelope', () => {
  it('reads numbers as text, and keeps fractions of a second', () => {
    const read = parseEnvelope({ sender, receiver, time: '1586000000.25', type: '1' }, context);
    expect(formatEnvelope(read)).toEqual({ sender, receiver, time: 1_586_000_000.25, type: 1 });
  });

  it('leaves out what is absent or null', () => {
    expect(formatEnvelope(parseEnvelope({ sender, receiver, time: null, group: null }, context))).toEqual({
      sender,
      receiver,
    });
  });

  it('passes over a type that is no number, which is a hint at best', () => {
    expect(parseEnvelope({ sender, receiver, type: 'text' }, context).type).toBeUndefined();
  });

  it.each([
    ['sender', undefined],
    ['receiver', null],
    ['receiver', 'x'],
    ['group', 'x'],
    ['group', 7],
    ['time', 'now'],
    ['time', {}],
  ])('refuses as %s: %p', (name, value) => {
    const json = { sender, receiver, [name]: value };
    expect(codeOf(() => parseEnvelope(json, context))).toBe('ERR_PARSE');
    expect(() => parseEnvelope(json, context)).toThrow(`Envelope.${name}: `);
  });
});

describe('isBroadcast', () => {
  it('asks the group, else the receiver', () => {
    const of = (to: string, group?: string): boolean =>
      isBroadcast({ receiver: id(to), ...(group !== undefined && { group: id(group) }) });
    expect(of('everyone@everywhere')).toBe(true);
    expect(of('moki', 'everyone@everywhere')).toBe(true);
    expect(of('everyone@everywhere', 'group')).toBe(false);
    expect(of('moki')).toBe(false);
  });
});
