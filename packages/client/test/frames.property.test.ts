import { fc, test } from '@fast-check/jest';
import { describe } from '@jest/globals';
import { readFrame, readMark } from '../src/websocket/frames.js';

describe('any bytes are a frame', () => {
  test.prop([fc.uint8Array({ maxLength: 200 })])('of some kind', data => {
    const frame = readFrame(data);
    if (frame.kind === 'packages') for (const one of frame.packages) readMark(one);
  });

  test.prop([fc.string({ unit: 'binary', maxLength: 100 })])(
    'also behind what an acknowledgement begins with',
    text => {
      readFrame(Buffer.from(`ACK:${text}`));
    },
  );

  test.prop([
    fc.array(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 })), { minLength: 1 }),
  ])('and objects on lines come out as they went in', objects => {
    const lines = objects.map(object => JSON.stringify(object));
    const frame = readFrame(Buffer.from(lines.join('\n')));
    return (
      frame.kind === 'packages' &&
      JSON.stringify(frame.packages.map(data => Buffer.from(data).toString())) === JSON.stringify(lines)
    );
  });
});
