import { limits } from '@dimp/crypto';
import { formatReliableMessage } from '@dimp/dkd';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { formatPackage, parsePackage } from '../src/index.js';
import { id, instant, machine, protocol, send } from './kit.js';

const codes = [undefined, 'ERR_PARSE', 'ERR_LIMIT', 'ERR_UNSUPPORTED', 'ERR_KEY_FORMAT'];

function codeOf(data: Uint8Array | string): string | undefined {
  try {
    parsePackage(data, protocol);
  } catch (error) {
    return (error as { code?: string }).code ?? 'none';
  }
  return undefined;
}

const good = Buffer.from(formatPackage(await send(machine('hulk'), instant('hulk', 'moki'))));

describe('formatPackage and parsePackage', () => {
  it('give back the message', () => {
    const message = parsePackage(good, protocol);
    expect(Buffer.from(formatPackage(message))).toEqual(good);
    expect(parsePackage(good.toString(), protocol)).toEqual(message);
    expect(message.envelope.sender.key).toBe(id('hulk').key);
  });

  test.prop([fc.uint8Array({ maxLength: 300 })])('refuse any bytes with a stable code', bytes => {
    expect(['ERR_PARSE', 'ERR_LIMIT']).toContain(codeOf(bytes));
  });

  test.prop([fc.nat(good.length - 1), fc.nat(255)])(
    'take a package with one byte changed, or refuse it',
    (at, byte) => {
      const changed = Uint8Array.from(good);
      changed[at] = byte;
      expect(codes).toContain(codeOf(changed));
    },
  );

  test.prop([fc.nat(good.length - 1)])('refuse a package that was cut', length => {
    expect(codeOf(good.subarray(0, length))).toBe('ERR_PARSE');
  });

  test.prop([fc.json()])('take any JSON text or refuse it', text => {
    expect(codes.slice(1)).toContain(codeOf(text));
  });

  test.prop([fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })))])(
    'write the keys of a group as JSON, whatever letters came in them',
    entries => {
      const encryptedKeys = new Map([...entries, ['"\\\n', '\u007f\u2028'] as const]);
      const { encryptedKey: _, ...message } = parsePackage(good, protocol);
      const data = formatPackage({ ...message, encryptedKeys });
      expect(JSON.parse(Buffer.from(data).toString())).toEqual(
        JSON.parse(JSON.stringify(formatReliableMessage({ ...message, encryptedKeys }))),
      );
      expect(parsePackage(data, protocol)).toEqual({ ...message, encryptedKeys });
    },
  );

  it('write the keys of a group once, though a null came for them', () => {
    const { encryptedKey: _, ...message } = parsePackage(good, protocol);
    const extra = { keys: null, 'x-new': 1 };
    const text = (keys: object): string =>
      Buffer.from(formatPackage({ ...message, extra, ...keys })).toString();
    expect(text({ encryptedKeys: new Map([['a', 'b']]) }).match(/"keys":[^,]*/g)).toEqual([
      '"keys":{"a":"b"}',
    ]);
    expect(text({}).match(/"keys":[^,]*/g)).toEqual(['"keys":null']);
  });

  it('refuse keys of a group that UTF-8 cannot carry', () => {
    const message = parsePackage(good, protocol);
    for (const entry of [['x', '\ud83d'] as const, ['\ude00', 'x'] as const]) {
      const format = (): unknown => formatPackage({ ...message, encryptedKeys: new Map([entry]) });
      expect(format).toThrow(expect.objectContaining({ code: 'ERR_PARSE' }));
    }
  });

  it('refuse depth, size and number beyond the limits', () => {
    const nested = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(codeOf(nested)).toBe('ERR_LIMIT');
    expect(codeOf(`{"x":[${'0,'.repeat(limits.jsonValues)}0]}`)).toBe('ERR_LIMIT');
    expect(codeOf(' '.repeat(limits.packageBytes + 1))).toBe('ERR_LIMIT');
    expect(codeOf(new Uint8Array(limits.packageBytes + 1))).toBe('ERR_LIMIT');
  });
});
