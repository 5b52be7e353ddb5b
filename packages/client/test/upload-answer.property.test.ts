import { TransportError } from '@dimp/sdk';
import { fc, test } from '@fast-check/jest';
import { expect } from '@jest/globals';
import { readUploadAnswer } from '../src/file-host/upload-answer.js';

const target = new URL('http://files.example.test/upload/x/file');
const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.webUrl(),
  fc.jsonValue(),
  fc.constantFrom('200', 200, '//a/b'),
);
const answer = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .record({ code: value, message: value, filename: value, url: value }, { requiredKeys: [] })
    .map(json => JSON.stringify(json)),
);

test.prop([answer, fc.constantFrom(200, 400, 500)])(
  'any answer is a URL or an error of ours',
  (text, status) => {
    try {
      const url = new URL(readUploadAnswer(text, { status, headers: new Headers() }, target, 'x'));
      expect(status).toBe(200);
      expect(url.protocol).toMatch(/^https?:$/);
      expect(url.username + url.password).toBe('');
    } catch (error) {
      expect(error).toBeInstanceOf(TransportError);
      expect((error as Error).message).not.toMatch(/\p{C}/u);
      expect((error as Error).message.length).toBeLessThan(300);
    }
  },
);
