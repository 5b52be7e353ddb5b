import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { formatContent, parseContent } from '../src/index.js';
import { anyJson, codeOf, context, extraMembers, id, parseCodes } from './kit.js';

describe('parseContent', () => {
  test.prop([anyJson])('takes any JSON or refuses it', value => {
    expect(parseCodes).toContain(codeOf(() => parseContent(value, context)));
  });

  const members = fc.constantFrom(
    'sn',
    'group',
    'text',
    'data',
    'command',
    'members',
    'forward',
    'secrets',
    'ID',
  );
  test.prop([fc.constantFrom(0, 1, 16, 18, 32, 55, 64, 136, 137, 255), members, anyJson])(
    'takes any member or refuses it',
    (type, name, value) => {
      const json = { type, sn: 1, command: 'invite', [name]: value };
      expect(parseCodes).toContain(codeOf(() => parseContent(json, context)));
    },
  );
});

describe('format after parse', () => {
  const group = id('group').text;
  const samples = [
    { type: 0, sn: 1 },
    { type: 1, sn: 1, text: 'Hey', group },
    { type: 1, sn: 1, text: '' },
    { type: 1, sn: 1, text: null },
    { type: 16, sn: 1, URL: 'http://x.test/f', filename: null, data: null, password: null },
    { type: 18, sn: 1, data: 'AAAA', filename: 'a.png', thumbnail: 'AA==' },
    { type: 20, sn: 1, text: 'said', data: null },
    { type: 22, sn: 1, snapshot: 'AA==', filename: 'v' },
    { type: 16, sn: 1, URL: 'x', password: { algorithm: 'PLAIN' } },
    { type: 32, sn: 1, URL: 'http://x.test', title: 'T', desc: 'D', icon: 'AA==' },
    { type: 55, sn: 1, quote: 7, text: 'yes' },
    { type: 55, sn: 1, quote: null, text: null },
    { type: 64, sn: 1, currency: 'CNY', amount: 1.5 },
    { type: 66, sn: 1, amount: null },
    { type: 136, sn: 1, command: 'meta', ID: id('hulk').text, meta: { any: [1, null] } },
    { type: 136, sn: 1, command: 'meta', ID: id('hulk').text, did: null },
    { type: 136, sn: 1, command: 'profile', ID: id('hulk').text, did: id('hulk').text, profile: { x: 1 } },
    { type: 136, sn: 1, command: 'x', cmd: 'y', session: 's' },
    { type: 137, sn: 1, time: 7, command: 'invite', group, member: id('hulk').text, members: null },
    { type: 137, sn: 1, time: 7, command: 'hire', group: null },
    { type: 137, sn: 1, time: 7, command: 'register', title: 'x' },
    { type: 255, sn: 1, forward: null },
    { type: 300, sn: 1, anything: { deep: [{}] } },
  ];

  test.prop([fc.constantFrom(...samples), extraMembers(...new Set(samples.flatMap(Object.keys)))])(
    'gives back every member, unknown ones and nulls included',
    (sample, extra) => {
      const json = { ...extra, ...sample };
      expect(formatContent(parseContent(json, context), context)).toEqual(json);
    },
  );

  test.prop([fc.constantFrom(...samples)])('and parse after format gives the same value', sample => {
    const content = parseContent(sample, context);
    expect(parseContent(JSON.parse(JSON.stringify(formatContent(content, context))), context)).toEqual(
      content,
    );
  });
});
