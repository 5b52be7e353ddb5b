import { describe, expect, it } from '@jest/globals';
import { parseAck } from '../src/framings/ack.js';

const read = (text: string) => parseAck(new Uint8Array(Buffer.from(text)));

describe('an acknowledgement', () => {
  it('names a package by the signature without blanks, as it may stand in there with some', () => {
    expect(read('ACK:{"time":1.5,"signature":"QU\\nJD"}')).toEqual({ time: 1.5, signature: 'QUJD' });
    expect(read('ACK:{"time":1,"signature":"QU JD=="}')).toEqual({ time: 1, signature: 'QUJD==' });
  });

  it('is none with another text than base64, or without time', () => {
    expect(read('ACK:{"time":1,"signature":"Q-JD"}')).toBeUndefined();
    expect(read('ACK:{"time":1,"signature":" "}')).toBeUndefined();
    expect(read('ACK:{"signature":"QUJD"}')).toBeUndefined();
  });
});
