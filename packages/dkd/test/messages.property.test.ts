import { type JsonObject, limits, parseJson, parseJsonObject } from '@dimp/crypto';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import {
  formatEnvelope,
  formatInstantMessage,
  formatReliableMessage,
  formatSecureMessage,
  parseEnvelope,
  parseInstantMessage,
  parseReliableMessage,
  parseSecureMessage,
} from '../src/index.js';
import { anyJson, codeOf, context, extraMembers, freeze, id, parseCodes } from './kit.js';

const hulk = id('hulk').text;
const moki = id('moki').text;
const group = id('group').text;

const base64 = fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes).toString('base64'));
const anyID = fc.constantFrom(hulk, moki, group, `${moki}/phone`);

const head = fc.record(
  {
    sender: anyID,
    receiver: anyID,
    time: fc.oneof(fc.nat(), fc.constantFrom(0, 1_586_000_000.25, null)),
    group: fc.option(anyID),
    type: fc.option(fc.oneof(fc.nat(400), fc.constantFrom('text', true))),
  },
  { requiredKeys: ['sender', 'receiver'] },
);

const secure = fc
  .tuple(
    head,
    fc.record(
      {
        data: base64,
        key: fc.option(base64),
        keys: fc.option(fc.dictionary(fc.oneof(anyID, fc.constantFrom('__proto__', 'digest')), base64)),
        meta: fc.option(fc.record({ version: fc.nat(), any: fc.jsonValue() })),
      },
      { requiredKeys: ['data'] },
    ),
  )
  .map(([first, second]) => ({ ...first, ...second }));

const known = [
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
  'content',
];
const wire = (json: object): JsonObject => freeze(JSON.parse(JSON.stringify(json)) as JsonObject);

describe('format after parse gives back every member, unknown ones and nulls included', () => {
  test.prop([head])('of an envelope', json => {
    const { type, ...rest } = wire(json);
    const kept = typeof type === 'number' ? { type } : {};
    const present = Object.entries({ ...rest, ...kept }).filter(([, value]) => value !== null);
    expect(formatEnvelope(parseEnvelope(json, context))).toEqual(Object.fromEntries(present));
  });

  test.prop([secure, extraMembers(...known)])('of a secure message', (json, extra) => {
    const given = wire({ ...extra, ...json });
    expect(formatSecureMessage(parseSecureMessage(given, context))).toEqual(given);
  });

  test.prop([secure, base64, extraMembers(...known)])('of a reliable message', (json, signature, extra) => {
    const given = wire({ ...extra, ...json, signature });
    const parsed = parseReliableMessage(given, context);
    expect(formatReliableMessage(parsed)).toEqual(given);
    expect(parseReliableMessage(wire(formatReliableMessage(parsed)), context)).toEqual(parsed);
  });

  test.prop([head, fc.string({ unit: 'grapheme' }), extraMembers(...known)])(
    'of an instant message',
    (json, text, extra) => {
      const given = wire({ ...extra, ...json, content: { type: 1, sn: 1, text, ...extra } });
      expect(formatInstantMessage(parseInstantMessage(given, context), context)).toEqual(given);
    },
  );

  test.prop([fc.string({ unit: 'grapheme' })])('of a broadcast, whose data is text', data => {
    const given = wire({ sender: hulk, receiver: 'everyone@everywhere', data, signature: '' });
    expect(formatReliableMessage(parseReliableMessage(given, context))).toEqual(given);
  });
});

describe('hostile input is refused with a stable code', () => {
  test.prop([anyJson])('any JSON', value => {
    for (const parse of [parseEnvelope, parseSecureMessage, parseReliableMessage]) {
      expect(parseCodes).toContain(codeOf(() => parse(value, context)));
    }
    expect(parseCodes).toContain(codeOf(() => parseInstantMessage(value, context)));
  });

  test.prop([fc.constantFrom(...known), anyJson])('any JSON at any member', (name, value) => {
    const good = { sender: hulk, receiver: moki, time: 1, data: 'AAAA', key: 'AAAA', signature: 'AAAA' };
    const json = { ...good, content: { type: 1 }, [name]: value };
    expect(parseCodes).toContain(codeOf(() => parseReliableMessage(json, context)));
    expect(parseCodes).toContain(codeOf(() => parseInstantMessage(json, context)));
  });

  test.prop([fc.uint8Array({ maxLength: 200 })])('any bytes', bytes => {
    const code = codeOf(() => parseReliableMessage(parseJsonObject(bytes, 'Package'), context));
    expect(['ERR_PARSE', 'ERR_LIMIT']).toContain(code);
  });

  it('100,000-deep nesting, as text and as a value', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(codeOf(() => parseJson(`{"x":${deep}}`, 'Package'))).toBe('ERR_LIMIT');
    let value: unknown = 0;
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    for (const name of known) {
      const json = { sender: hulk, receiver: moki, data: 'AAAA', signature: '', [name]: value };
      expect(parseCodes).toContain(codeOf(() => parseReliableMessage(json, context)));
    }
  });

  it('huge lists of keys', () => {
    const keys = Object.fromEntries(
      Array.from({ length: limits.groupMembers + 1 }, (_, i) => [`${i}@x`, 'AAAA']),
    );
    const json = { sender: hulk, receiver: group, data: 'AAAA', keys, signature: '' };
    expect(codeOf(() => parseReliableMessage(json, context))).toBe('ERR_LIMIT');
  });

  it('members that stand twice: the last one counts', () => {
    const text = `{"sender":"${hulk}","receiver":"${moki}","receiver":"${hulk}","data":"AAAA","signature":""}`;
    expect(parseReliableMessage(parseJsonObject(text, 'Package'), context).envelope.receiver.text).toBe(hulk);
  });

  it('members named __proto__ stay members', () => {
    const text = `{"__proto__":{"signature":"AAAA","polluted":1},"sender":"${hulk}","receiver":"${moki}","data":"AAAA"}`;
    const json = parseJsonObject(text, 'Package');
    expect(codeOf(() => parseReliableMessage(json, context))).toBe('ERR_PARSE');
    const secured = parseSecureMessage(json, context);
    expect((secured.extra as { polluted?: unknown }).polluted).toBeUndefined();
    expect(JSON.parse(JSON.stringify(formatSecureMessage(secured)))).toEqual(json);
    const keys = parseJsonObject('{"keys":{"__proto__":"AAAA"}}', 'x')['keys'];
    const filed = parseSecureMessage(
      { sender: hulk, receiver: group, data: '', keys: keys ?? null },
      context,
    );
    expect([...(filed.encryptedKeys ?? [])]).toEqual([['__proto__', 'AAAA']]);
    expect(JSON.stringify(formatSecureMessage(filed)['keys'])).toBe('{"__proto__":"AAAA"}');
  });
});
