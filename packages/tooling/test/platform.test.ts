import { describe, expect, it } from '@jest/globals';
import { startable, withSlashes } from '../src/platform.mjs';

describe('what is started', () => {
  it('is the program itself, but on Windows a shell for npm, npx and pnpm', () => {
    const args = ['pack', '--pack-destination', 'C:\\My files\\x'];
    for (const platform of ['linux', 'darwin'] as const) {
      expect(startable('pnpm', args, platform)).toEqual({ command: 'pnpm', args, shell: false });
    }
    expect(startable('pnpm', args, 'win32')).toEqual({
      command: 'pnpm pack --pack-destination "C:\\My files\\x"',
      args: [],
      shell: true,
    });
    expect(startable('node', args, 'win32')).toEqual({ command: 'node', args, shell: false });
  });

  it('keeps from the shell what it would read', () => {
    expect(
      startable('npm', ['a&b', '@dimp/a@^1', '--registry=http://127.0.0.1:1/', ''], 'win32').command,
    ).toBe('npm "a&b" "@dimp/a@^1" --registry=http://127.0.0.1:1/ ""');
  });
});

it('a path has slashes everywhere', () => {
  expect(withSlashes('packages\\a/test\\a.test.ts')).toBe('packages/a/test/a.test.ts');
});
