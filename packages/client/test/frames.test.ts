import { encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import { formatAck, readFrame, readMark } from '../src/websocket/frames.js';

const read = (text: string) => readFrame(encodeUtf8(text));
const packagesOf = (text: string): unknown => {
  const frame = read(text);
  return frame.kind === 'packages' ? frame.packages.map(data => Buffer.from(data).toString()) : frame.kind;
};

describe('a frame', () => {
  it.each([
    ['{"a":1}', ['{"a":1}']],
    ['{"a":1}\n', ['{"a":1}']],
    ['{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['{"a":1}\n\n \n{"b":2}', ['{"a":1}', '{"b":2}']],
    [' \t\r\n{"a":1}\n {"b":2}', ['{"a":1}', '{"b":2}']],
    ['{\n'.repeat(1024), Array(1024).fill('{')],
    ['{\n'.repeat(1025), 'flood'],
    ['[{"a":1}]', 'other'],
    ['', 'other'],
    ['PONG', 'other'],
    ['PING', 'ping'],
    ['PING\n', 'other'],
  ])('with %j', (text, expected) => {
    expect(packagesOf(text)).toEqual(expected);
  });

  it('with an acknowledgement names a signature', () => {
    expect(read('ACK:{"time":1545405083.5,"signature":"abc="}')).toEqual({ kind: 'ack', signature: 'abc=' });
    for (const text of [
      'ACK:',
      'ACK:1',
      'ACK:{}',
      'ACK:{"signature":1}',
      `ACK:{"signature":"${'a'.repeat(5000)}"}`,
    ]) {
      expect(read(text)).toEqual({ kind: 'other' });
    }
  });
});

describe('a package', () => {
  it('is named by its members', () => {
    const mark = { time: 1545405083, signature: 'c2ln', sender: 'a@b', receiver: 'c@d' };
    expect(readMark(encodeUtf8(JSON.stringify({ ...mark, meta: { signature: 'other' } })))).toEqual(mark);
    expect(formatAck(mark)).toBe('ACK:{"time":1545405083,"signature":"c2ln"}');
    expect(formatAck({ ...mark, time: 1545405083.25 })).toContain('1545405083.25');
  });

  it('is acknowledged in one line where its signature has blanks', () => {
    const data = encodeUtf8('{"sender":"a@b","receiver":"c@d","time":7,"signature":"c2\\n ln"}');
    expect(readMark(data)).toMatchObject({ signature: 'c2ln' });
  });

  it('is none without sender, receiver and signature', () => {
    for (const text of [
      '',
      '{',
      '[]',
      '{}',
      '{"sender":"a","receiver":"b"}',
      '{"sender":1,"receiver":"b","signature":"c"}',
    ]) {
      expect(readMark(encodeUtf8(text))).toBeUndefined();
    }
  });
});
