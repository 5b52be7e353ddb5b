import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import { endingOf, isFileName, parseOwner } from '../src/files/file-name.js';
import { hulk, protocol } from './http-kit.js';

const path = fc.oneof(
  fc.string(),
  fc
    .array(fc.constantFrom('..', '/', '\\', '\0', '.', hulk.text, hulk.address.text, '@', '%2e', 'C:'))
    .map(parts => parts.join('')),
);

test.prop([path])('whatever stands in a path, an owner is a plain word', text => {
  const owner = parseOwner(text, protocol);
  if (owner !== undefined) expect(owner.text).toMatch(/^[0-9A-Za-z]{1,64}$/);
});

test.prop([path])('whatever a file is called, its ending is a plain word', text => {
  expect(endingOf(text)).toMatch(/^[0-9a-z]{0,10}$/);
});

test.prop([path])('a name that leads elsewhere is none', text => {
  expect(isFileName(text)).toBe(false);
  expect(isFileName(`d41d8cd98f00b204e9800998ecf8427e${text}`)).toBe(/^(\.[0-9a-z]{1,10})?$/.test(text));
});

test('a name may not end with a line', () => {
  expect(isFileName('d41d8cd98f00b204e9800998ecf8427e\n')).toBe(false);
  expect(isFileName('d41d8cd98f00b204e9800998ecf8427e')).toBe(true);
});
