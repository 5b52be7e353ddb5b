import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { createID, equalID, parseID, withoutTerminal } from '../src/index.js';
import { codeOf, context, id } from './kit.js';

const moki = '4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk';

describe('parseID', () => {
  test.prop([fc.oneof(fc.string({ unit: 'binary' }), fc.anything())])(
    'takes any value or refuses it',
    value => {
      const code = codeOf(() => parseID(value, context));
      expect(['ERR_PARSE', 'ERR_LIMIT', undefined]).toContain(code);
    },
  );

  const free = fc.string({ unit: 'grapheme', maxLength: 30 });
  test.prop([fc.option(free.filter(text => !/[@/]/.test(text))), fc.option(free)])(
    'keeps the text and takes it apart as createID puts it together',
    (name, terminal) => {
      const address = id(moki).address;
      const made = createID({ name: name ?? undefined, address, terminal: terminal ?? undefined });
      const read = parseID(made.text, context);
      expect(read).toEqual(made);
      expect(read.name).toBe(name ?? '');
      expect(read.terminal).toBe(terminal ?? '');
      expect(parseID(read.key, context).key).toBe(read.key);
      expect(equalID(read, withoutTerminal(read))).toBe(true);
    },
  );
});
