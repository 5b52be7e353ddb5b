import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fc, test } from '@fast-check/jest';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { readForm } from '../src/files/multipart.js';
import { asHttpProblem } from '../src/http/http-problem.js';
import { sendJson, sendProblem } from '../src/http/reply.js';

const limits = { maxBytes: 300, idleSeconds: 10, totalSeconds: 10 };
const failures: unknown[] = [];
const server = createServer(async (request, response) => {
  try {
    const length = await readForm(request, limits, async ({ data }) => {
      let sum = 0;
      for await (const chunk of data) sum += chunk.length;
      return sum;
    });
    sendJson(response, 200, { length });
  } catch (error) {
    const problem = asHttpProblem(error);
    if (problem.status === 500) failures.push(error);
    sendProblem(request, response, problem);
  }
});

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

/** The status and body that come back for a body in pieces. */
async function send(pieces: readonly Uint8Array[], boundary: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const got: Buffer[] = [];
  socket.on('data', data => got.push(data)).on('error', () => {});
  const closed = new Promise(resolve => socket.on('close', resolve));
  socket.write(
    `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n` +
      `Content-Type: multipart/form-data; boundary=${boundary}\r\n\r\n`,
  );
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    socket.write(
      Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
    );
  }
  socket.write('0\r\n\r\n');
  await closed;
  return Buffer.concat(got).toString('latin1');
}

const words = fc.constantFrom(
  '--b\r\n',
  '\r\n--b\r\n',
  '--b--\r\n',
  '\r\n--b--',
  '\r\n',
  '\r\n\r\n',
  '--',
  '\r',
  'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
  'Content-Disposition: form-data; name="file"\r\n\r\n',
  'Content-Disposition: form-data; name="\r\n',
  'Content-Type: application/octet-stream\r\n',
  'Content-Type: text/plain; charset=nothing\r\n\r\n',
  "Content-Disposition: form-data; name*=utf-16''%ff%fe; filename*=x''%\r\n\r\n",
  'x'.repeat(400),
);
const piece = fc.oneof(
  words.map(word => Buffer.from(word)),
  fc.uint8Array({ maxLength: 40 }),
);

test.prop([fc.array(piece, { maxLength: 14 })])(
  'garbage is answered 200, 400 or 413, and harms nobody',
  async pieces => {
    const answer = await send(pieces, 'b');
    expect(answer.slice(0, 12)).toMatch(/^HTTP\/1\.1 (200|400|413)$/);
    expect(failures).toEqual([]);
  },
);

test.prop([fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(600), { maxLength: 6 })])(
  'a form that is cut into any pieces gives all bytes of its file',
  async (data, cuts) => {
    const body = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'),
      data,
      Buffer.from('\r\n--b--\r\n'),
    ]);
    fc.pre(!Buffer.from(data).includes('\r\n--b'));
    const marks = [0, ...cuts.sort((a, b) => a - b), body.length];
    const pieces = marks.slice(1).map((mark, index) => body.subarray(marks[index], mark));
    expect(await send(pieces, 'b')).toContain(`{"length":${data.length}}`);
  },
);
