import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadVectors, shippedFiles } from '../../src/vectors/load.js';
import { createRunner } from '../../src/vectors/run.js';

// every published case of generation 1 is a test of its own; where the files come from, the README beside them tells
const files = await Promise.all((await shippedFiles()).map(loadVectors));

const drivers = ['portable', 'node'] as const;
const runs = drivers.flatMap(driver => files.map(file => ({ driver, file, title: basename(file.path) })));

describe.each(runs)('$title, $driver', ({ driver, file }) => {
  const running = createRunner(file, { driver });
  const cases = file.sections.flatMap(section => section.cases);

  it.each(cases)('$op: $name', async one => {
    const run = await running;
    expect(await run(one)).toEqual({ status: 'passed', message: '' });
  });
});

describe('the published set', () => {
  it('is there as a whole', () => {
    const count = files.flatMap(file => file.sections).reduce((sum, { cases }) => sum + cases.length, 0);
    expect({ files: files.length, cases: count }).toEqual({ files: 14, cases: 662 });
  });
});
