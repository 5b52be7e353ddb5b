import { limits } from '@dimp/crypto';
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

  it('refuse depth, size and number beyond the limits', () => {
    const nested = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(codeOf(nested)).toBe('ERR_LIMIT');
    expect(codeOf(`{"x":[${'0,'.repeat(limits.jsonValues)}0]}`)).toBe('ERR_LIMIT');
    expect(codeOf(' '.repeat(limits.packageBytes + 1))).toBe('ERR_LIMIT');
    expect(codeOf(new Uint8Array(limits.packageBytes + 1))).toBe('ERR_LIMIT');
  });
});
