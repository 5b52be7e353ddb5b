import { DimpError } from '@dimp/crypto';
import { describe, expect, it } from '@jest/globals';
import { BindingError, GroupMismatchError, MetaMismatchError, SignatureError } from '../src/index.js';

describe('the errors', () => {
  it.each([
    [new SignatureError('hulk@x'), 'ERR_SIGNATURE', 'SignatureError', 'hulk@x'],
    [new BindingError(), 'ERR_BINDING', 'BindingError', 'another envelope'],
    [new MetaMismatchError('hulk@x'), 'ERR_META', 'MetaMismatchError', 'hulk@x'],
    [new GroupMismatchError(), 'ERR_GROUP', 'GroupMismatchError', 'another group'],
  ])('%s', (error, code, name, part) => {
    expect(error).toBeInstanceOf(DimpError);
    expect(error).toMatchObject({ code, name });
    expect(error.message).toContain(part);
  });
});
