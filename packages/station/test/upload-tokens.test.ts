import { inspect } from 'node:util';
import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { UploadTokens } from '../src/files/upload-tokens.js';
import { hulk, moki } from './http-kit.js';

describe('upload tokens', () => {
  let time = 1000.5;
  const tokens = () => new UploadTokens({ lifetime: 60, clock: () => time });

  it('are good for the user they were given to, until their time is over', () => {
    const some = tokens();
    const { token, expires } = some.issue(hulk);
    expect(expires).toBe(1060);
    expect(some.check(token, hulk.address)).toBe(true);
    expect(some.check(token, moki.address)).toBe(false);
    time = 1059.9;
    expect(some.check(token, hulk.address)).toBe(true);
    time = 1060;
    expect(some.check(token, hulk.address)).toBe(false);
    time = 1000.5;
  });

  it('are those of one run', () => {
    const { token } = tokens().issue(hulk);
    expect(tokens().check(token, hulk.address)).toBe(false);
  });

  it('cannot be given another time', () => {
    const some = tokens();
    const { token } = some.issue(hulk);
    expect(some.check(token.replace('1060', '2060'), hulk.address)).toBe(false);
    expect(some.check(`0${token}`, hulk.address)).toBe(false);
  });

  it('show nothing of their secret', () => {
    const secret = new Uint8Array(32).fill(7);
    const some = new UploadTokens({ randomBytes: () => secret });
    expect(inspect(some, { showHidden: true, depth: 9 }) + JSON.stringify(some)).not.toMatch(
      /7, 7|0707|BwcH/,
    );
  });

  test.prop([fc.nat(200), fc.nat(255)])('bear no changed letter', (index, letter) => {
    const some = tokens();
    const { token } = some.issue(hulk);
    const at = index % (token.length - 1);
    const changed = token.slice(0, at) + String.fromCharCode(letter) + token.slice(at + 1);
    expect(some.check(changed, hulk.address)).toBe(changed === token);
  });

  test.prop([fc.string()])('are no text that was made up', text => {
    expect(tokens().check(text, hulk.address)).toBe(false);
  });
});
