import type { JsonObject } from '@dimp/crypto';
import {
  createText,
  formatContent,
  formatReliableMessage,
  parseContent,
  parseReliableMessage,
  splitMessage,
} from '@dimp/dkd';
import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { codeOf, freeze, id, instant, machine, open, protocol, send } from './kit.js';

const hulk = machine('hulk');

const anyContent = fc
  .record({
    text: fc.string({ unit: 'grapheme' }),
    extra: fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'bound', 'time')),
      fc.jsonValue(),
      {
        maxKeys: 4,
      },
    ),
  })
  .map(({ text, extra }) => {
    const known = ['type', 'sn', 'time', 'group', 'text'];
    const others = Object.entries(extra).filter(([name]) => !known.includes(name));
    const json: JsonObject = JSON.parse(
      JSON.stringify({ ...Object.fromEntries(others), type: 1, sn: 1, text }),
    );
    return parseContent(freeze(json), protocol);
  });

describe('encrypt and sign, verify and decrypt', () => {
  test.prop([anyContent, fc.constantFrom('moki', 'bob', 'station', 'everyone@everywhere')])(
    'give back the content, unknown members included, but for the binding',
    async (content, to) => {
      const reader = to.includes('@') ? 'anna' : to;
      const opened = await open(machine(reader), await send(hulk, instant('hulk', to, content)), reader);
      const { bound: _, ...wanted } = formatContent(content, protocol);
      expect(formatContent(opened.message.content, protocol)).toEqual(wanted);
      expect(opened.protection.bound).toBe(true);
    },
  );

  test.prop([anyContent, fc.subarray(['moki', 'anna', 'bob'], { minLength: 1 })])(
    'and for every member after a split',
    async (content, readers) => {
      const message = await send(hulk, instant('hulk', 'group', content));
      const parts = splitMessage(message, readers.map(id), protocol);
      for (const [index, reader] of readers.entries()) {
        const part = parts[index];
        if (part === undefined) throw new Error('a part for each reader');
        const opened = await open(machine(reader), part, reader);
        expect(opened.message.content).toMatchObject({ kind: 'text' });
        expect(opened.protection.bound).toBe(true);
      }
    },
  );
});

describe('a message in which something was changed', () => {
  const names = [
    'sender',
    'receiver',
    'time',
    'group',
    'type',
    'data',
    'key',
    'keys',
    'meta',
    'signature',
    'x',
  ];
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('anyone@anywhere', id('hulk').text, id('moki').text, id('group').text, 'AAAA', null),
  );
  // everything that hostile input may end in
  const codes = [
    'ERR_PARSE',
    'ERR_LIMIT',
    'ERR_UNSUPPORTED',
    'ERR_KEY_FORMAT',
    'ERR_NOT_FOUND',
    'ERR_SIGNATURE',
    'ERR_META',
    'ERR_BINDING',
    'ERR_DECRYPT',
  ];

  test.prop([fc.constantFrom(...names), values])(
    'is opened as it was or refused with a stable code',
    async (name, value) => {
      const message = await original;
      const json = { ...formatReliableMessage(message), [name]: JSON.parse(JSON.stringify(value)) };
      let content: unknown;
      const code = await codeOf(
        (async () => {
          const opened = await open(machine('moki'), parseReliableMessage(freeze(json), protocol), 'moki');
          content = formatContent(opened.message.content, protocol);
        })(),
      );
      if (code === undefined) expect(content).toEqual({ type: 1, sn: 7, text: 'Hey' });
      else expect(codes).toContain(code);
    },
  );

  const original = send(hulk, instant('hulk', 'moki', createText('Hey', { serialNumber: 7 })));
});
