import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Peer } from '../src/peers.js';
import type { Row } from '../src/row.js';
import { openingRows, report } from '../src/store/opening-rows.js';
import type { Scope } from '../src/suite.js';
import { importRows } from '../src/suites/import.js';
import { suites } from '../src/suites.js';

// measuring, even a tiny round, takes its time on a machine that has other work
jest.setTimeout(120_000);

const echo: Peer = {
  name: 'echo',
  pack: text => ({ text }),
  unpack: pack => (pack as { text: string }).text,
};

const tiny: Scope = {
  sides: ['native', 'portable'],
  accounts: ['RSA-1024', 'ECC+RSA-2048'],
  sizes: [100],
  groups: [1, 3],
  rounds: 1,
  slowRounds: 1,
  turn: 0,
  peers: [echo],
  failed(what, error) {
    throw new Error(`${what} failed.`, { cause: error });
  },
};

beforeAll(() => {
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as NonNullable<typeof gc>;
});

async function rowsOf(name: string, scope = tiny): Promise<readonly Row[]> {
  const suite = suites.find(one => one.name === name);
  return suite === undefined ? [] : listOf(suite.run(scope));
}

async function listOf(given: AsyncIterable<Row>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of given) rows.push(row);
  return rows;
}

/** Every row is filed under its suite, under a name of its own, with figures that can be. */
function expectSane(name: string, rows: readonly Row[]): void {
  expect(new Set(rows.map(row => row.name)).size).toBe(rows.length);
  for (const row of rows) {
    expect(row.suite).toBe(name);
    expect(Number.isFinite(row.value)).toBe(true);
    expect((row.floor === undefined) === (row.ratio === undefined) || row.unit === 'x').toBe(true);
    if (row.quartiles !== undefined) {
      expect(row.quartiles[0]).toBeLessThanOrEqual(row.value);
      expect(row.quartiles[1]).toBeGreaterThanOrEqual(row.value);
    }
  }
}

describe('a tiny round of', () => {
  it('pack', async () => {
    const rows = await rowsOf('pack');
    expectSane('pack', rows);
    expect(rows.map(row => row.name)).toEqual([
      'native RSA-1024 100 B fresh',
      'native RSA-1024 100 B reused',
      'echo over native RSA-1024 100 B',
      'portable RSA-1024 100 B fresh',
      'portable RSA-1024 100 B reused',
      'native ECC+RSA-2048 100 B fresh',
      'native ECC+RSA-2048 100 B reused',
      'portable ECC+RSA-2048 100 B fresh',
      'portable ECC+RSA-2048 100 B reused',
    ]);
    for (const { details } of rows.filter(row => !row.name.startsWith('echo'))) {
      expect(details?.['bytes']).toBeGreaterThan(500);
    }
  });

  it('unpack', async () => {
    const rows = await rowsOf('unpack');
    expectSane('unpack', rows);
    expect(rows).toHaveLength(13);
    expect(rows[2]).toMatchObject({ name: 'native RSA-1024 100 B fresh over seen', unit: 'x' });
  });

  it('group', async () => {
    const rows = await rowsOf('group');
    expectSane('group', rows);
    const [one, three, each] = rows.map(row => row.details?.['bytes'] ?? 0);
    expect(rows.map(row => row.name)).toEqual([
      'native n = 1',
      'native n = 3',
      'native each member',
      'portable n = 1',
      'portable n = 3',
      'portable each member',
    ]);
    expect(each).toBeCloseTo(((three ?? 0) - (one ?? 0)) / 2);
    expect(each).toBeGreaterThan(172);
  });

  it.each([
    ['split', 8],
    ['parse', 14],
    ['operations', 12],
  ])('%s', async (name, count) => {
    const rows = await rowsOf(name);
    expectSane(name, rows);
    expect(rows).toHaveLength(count);
    for (const row of rows) expect(row.value).toBeGreaterThan(0);
  });

  it('memory', async () => {
    const rows = await rowsOf('memory', { ...tiny, sides: ['native'], accounts: ['RSA-1024'] });
    expectSane('memory', rows);
    expect(rows.map(row => row.unit)).toEqual(['B', 'B']);
  });

  it('keys', async () => {
    const rows = await rowsOf('keys', { ...tiny, sides: ['native'] });
    expectSane('keys', rows);
    expect(rows.map(row => row.unit)).toEqual(['µs', 'ms', 'µs', 'ms', 'µs', 'ms']);
  });

  it('import', async () => {
    // large enough to show above what bare Node differs by from run to run, of time and heap
    const rows = await listOf(importRows(['@noble/curves/secp256k1.js'], 3));
    expectSane('import', rows);
    expect(rows[0]?.details?.['heapBytes']).toBeGreaterThan(10_000);
    await expect(listOf(importRows(['@dimp/nothing'], 1))).rejects.toThrow('@dimp/nothing');
  });

  it('store', async () => {
    const rows = await rowsOf('store');
    expectSane('store', rows);
    expect(rows.map(row => row.name)).toEqual([
      '600 B records written, 256 at once',
      '600 B records written, 256 at once, beside sealing',
      'one record written',
      'one record written, beside sealing',
      'messages written, 256 at once',
      'messages written, 256 at once, beside sealing',
      'one message written',
      'one message written, beside sealing',
      'record of 600 B sealed and opened',
      '50 of 300 messages listed',
      '300 messages searched for a rare word',
      '300 messages searched for common words',
    ]);
    const opening = await openingRows(
      `const held = new Uint8Array(2e7).fill(1); ${report('held[0]')}`,
      300,
      tiny,
    );
    expectSane('store', opening);
    expect(opening.map(row => row.name)).toEqual(['opening 300 messages', 'opening 300 messages, memory']);
    expect(opening[0]?.value).toBe(1);
    expect(opening[1]?.value).toBeGreaterThan(15_000);
    expect(rows[0]?.details?.['records']).toBe(256);
    expect(rows[4]?.details?.['records']).toBeGreaterThan(256);
    for (const row of rows) expect(row.value).toBeGreaterThan(0);
  });

  it('bundle', async () => {
    const rows = await rowsOf('bundle');
    expectSane('bundle', rows);
    const size = new Map(rows.map(row => [row.name, row.value]));
    expect(size.get('crypto root')).toBeGreaterThan(0.5);
    expect(size.get('every export of every package')).toBe(Math.max(...size.values()));
  });
});
