import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { formatSummary, summarise } from '../src/test-summary.mjs';
import { createWorkspace } from './fixture.js';

const manifest = {};
const result = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  numRuntimeErrorTestSuites: 0,
  testResults: [{ name: '/elsewhere/packages/a/test/a.test.ts' }],
};

describe('summarise', () => {
  it('adds up the packages and leaves out those without tests', () => {
    const top = createWorkspace({
      'packages/a/package.json': manifest,
      'packages/a/test/a.test.ts': '',
      'packages/a/.jest-result.json': result,
      'packages/b/package.json': manifest,
      'packages/b/test/deep/b.test.ts': '',
      'packages/b/.jest-result.json': {
        ...result,
        success: false,
        numFailedTests: 2,
        testResults: [{ name: '/elsewhere/packages/b/test/deep/b.test.ts' }],
      },
      'packages/c/package.json': manifest,
      'packages/c/test/helper.ts': '',
    });
    const summary = summarise(top);
    expect(summary).toEqual({ passed: 6, failed: 2, skipped: 4, problems: [] });
    expect(formatSummary(summary)).toBe('6 passed, 2 failed, 4 skipped');
  });

  it('counts a package without a result and a test file that did not run as failed', () => {
    const top = createWorkspace({
      'packages/a/package.json': manifest,
      'packages/a/test/a.test.ts': '',
      'packages/a/test/new.test.ts': '',
      'packages/a/.jest-result.json': result,
      'packages/b/package.json': manifest,
      'packages/b/test/b.test.ts': '',
    });
    const summary = summarise(top);
    expect(summary).toMatchObject({ passed: 3, failed: 2 });
    expect(summary.problems).toEqual(['a: packages/a/test/new.test.ts did not run', 'b: no test result']);
  });

  it('finds the test files of a result from Windows', () => {
    const name = 'C:\\elsewhere\\packages\\a\\test\\a.test.ts';
    const top = createWorkspace({
      'packages/a/package.json': manifest,
      'packages/a/test/a.test.ts': '',
      'packages/a/test/b.test.ts': '',
      'packages/a/.jest-result.json': { ...result, testResults: [{ name }] },
    });
    expect(summarise(top).problems).toEqual(['a: packages/a/test/b.test.ts did not run']);
  });

  it('counts a test file that could not be loaded, and a failure that no test shows', () => {
    const top = createWorkspace({
      'packages/a/package.json': manifest,
      'packages/a/test/a.test.ts': '',
      'packages/a/.jest-result.json': { ...result, success: false, numRuntimeErrorTestSuites: 1 },
    });
    expect(summarise(top)).toMatchObject({ failed: 1, problems: [] });
    const other = createWorkspace({
      'packages/a/package.json': manifest,
      'packages/a/test/a.test.ts': '',
      'packages/a/.jest-result.json': { ...result, success: false },
    });
    expect(summarise(other)).toMatchObject({ failed: 1, problems: ['a: jest failed outside of its tests'] });
  });

  it('adds further runs over all packages', () => {
    const top = createWorkspace({
      'packages/a/package.json': manifest,
      'packages/a/test/a.test.ts': '',
      'packages/a/.jest-result.json': result,
      'further.json': result,
    });
    expect(summarise(top, [join(top, 'further.json')])).toMatchObject({ passed: 6, failed: 0 });
    expect(summarise(top, [join(top, 'none.json')])).toMatchObject({ passed: 3, failed: 1 });
  });

  it('writes no skipped part when nothing was skipped', () => {
    expect(formatSummary({ passed: 1, failed: 0, skipped: 0, problems: [] })).toBe('1 passed, 0 failed');
  });
});
