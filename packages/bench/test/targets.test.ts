import { describe, expect, it } from '@jest/globals';
import type { Row } from '../src/row.js';
import { formatTable, formatValue } from '../src/table.js';
import { judge, type Target, targets } from '../src/targets.js';

const row: Row = {
  suite: 'pack',
  name: 'native RSA-1024 100 B fresh',
  value: 110,
  unit: 'µs',
  floor: 100,
  ratio: 1.1,
};

describe('judge', () => {
  it('holds a ratio to the most it may be', () => {
    expect(judge(row)).toEqual({ ...row, targets: [{ of: 'ratio', atMost: 1.1 }], ok: true });
    expect(judge({ ...row, ratio: 1.101 }).ok).toBe(false);
  });

  it('holds a value to the least it may be', () => {
    const split: Row = { suite: 'split', name: 'native n = 1000', value: 99_999, unit: '/s' };
    expect(judge(split).ok).toBe(false);
    expect(judge({ ...split, value: 100_000 }).ok).toBe(true);
  });

  it('wants all targets of a row reached', () => {
    const group: Row = { suite: 'group', name: 'native n = 1000', value: 39_000, unit: 'µs', ratio: 1.05 };
    expect(judge(group)).toMatchObject({ ok: true, targets: [{ of: 'ratio' }, { of: 'value' }] });
    expect(judge({ ...group, value: 41_000 }).ok).toBe(false);
    expect(judge({ ...group, ratio: 1.2 }).ok).toBe(false);
  });

  it('counts a figure that is not there as missed', () => {
    const { ratio: _, ...bare } = row;
    expect(judge(bare).ok).toBe(false);
  });

  it('says nothing of rows without a target', () => {
    const judged = judge({ ...row, suite: 'memory' });
    expect(judged.targets).toEqual([]);
    expect(judged).not.toHaveProperty('ok');
  });

  it('finds the targets of peers by their names', () => {
    const peer: Row = { ...row, name: 'dimchat JavaScript 2.0 over native RSA-1024 100 B', ratio: 30 };
    expect(judge(peer)).toMatchObject({ ok: true, targets: [{ atLeast: 25 }] });
    expect(judge({ ...peer, name: 'Python dimp 0.9.5 over native RSA-1024 100 B', ratio: 4 }).ok).toBe(false);
  });
});

describe('targets', () => {
  it.each(targets)('$suite $rows has one bound', ({ atMost, atLeast }: Target) => {
    expect([atMost, atLeast].filter(bound => bound !== undefined)).toHaveLength(1);
  });
});

describe('formatTable', () => {
  it('has a line for each row, all of one width', () => {
    const table = formatTable([judge(row), judge({ ...row, ratio: 2 }), judge({ ...row, suite: 'memory' })]);
    const lines = table.split('\n');
    expect(lines).toHaveLength(5);
    expect(new Set(lines.map(line => line.length)).size).toBe(1);
    expect(lines[2]).toMatch(
      /\| pack +\| native RSA-1024 100 B fresh \| 110 µs \| 100 µs \| 1\.10 x .*≤ 1\.10 x \| ok +\|$/,
    );
    expect(lines[3]).toMatch(/\| — +\|$/);
    expect(lines[4]).toMatch(/1\.10 x .*\| +\| +\|$/);
  });

  it.each([
    [1234.5, 'µs', '1,235 µs'],
    [12.345, 'µs', '12.3 µs'],
    [1.2345, 'kB', '1.23 kB'],
    [25, 'x', '25.00 x'],
    [100_000, '/s', '100,000/s'],
  ] as const)('writes %d %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});
