import { describe, expect, it } from '@jest/globals';
import { createPrinter, describeProtection, shorten, usesColor } from '../src/print.js';
import { progressOn } from '../src/progress.js';
import { Recorder } from './recorder.js';

describe('colour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ] as const)('with %j on a terminal (%s): %s', (env, isTTY, expected) => {
    expect(usesColor(new Recorder(isTTY), env)).toBe(expected);
  });

  it('is left out when it is off', () => {
    const output = new Recorder(true);
    const printer = createPrinter(output, false);
    printer.heading(1, 'First');
    printer.check(false, 'no');
    expect(output.text).toBe('\n1  First\n   ✗ no\n');
  });
});

describe('progress', () => {
  it('is written over and wiped on a terminal', () => {
    const output = new Recorder(true);
    const progress = progressOn(output);
    progress.show('keys', 0.5);
    progress.show('keys', 0.501);
    progress.clear();
    progress.clear();
    expect(output.text).toBe('\rkeys 50 %\r\r         \r');
  });

  it('is a line for each new text elsewhere', () => {
    const output = new Recorder();
    const progress = progressOn(output);
    progress.show('keys', 0.1);
    progress.show('keys', 0.9);
    progress.clear();
    expect(output.text).toBe('keys\n');
  });
});

describe('what is printed', () => {
  it('cuts long texts wherever they stand', () => {
    const long = 'x'.repeat(100);
    expect(shorten({ short: 'y', list: [long], deep: { long } })).toEqual({
      short: 'y',
      list: [`${'x'.repeat(40)}… (100 letters)`],
      deep: { long: `${'x'.repeat(40)}… (100 letters)` },
    });
  });

  it('says what protects a message, and what does not', () => {
    const signature = { algorithm: 'RSA', bits: 2048 };
    const encryption = { algorithm: 'AES', bits: 256, wrap: signature, reused: false };
    expect(describeProtection({ signature, encryption, bound: true, generation: 1 })).toBe(
      'signed with RSA 2048; fresh AES 256 key, by RSA 2048; bound to its envelope; generation 1',
    );
    expect(describeProtection({ signature, bound: false, generation: 1 })).toBe(
      'signed with RSA 2048; not bound to its envelope; generation 1',
    );
  });
});
