import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { JsonObject } from '@dimp/crypto';
import type { HttpProblem } from './http-problem.js';

/**
 * Of a body that nobody wants so much is read, for those who look for the answer when they have sent everything. The
 * others have some time to find it before the connection ends.
 */
const unwantedBytes = 1_048_576;
const unwantedMilliseconds = 2_000;

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  headers: OutgoingHttpHeaders = {},
): void {
  const data = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, { ...headers, ...plainHeaders('application/json', data.length) });
  response.end(data);
}

/** Answers with text. */
export function sendText(response: ServerResponse, text: string, type = 'text/plain; charset=utf-8'): void {
  const data = Buffer.from(text);
  response.writeHead(200, plainHeaders(type, data.length));
  response.end(data);
}

/**
 * Answers `{ code, message }`, `code` being the status again: old clients look there.
 *
 * The rest of the request's body is not waited for. A little of it is read all the same, as closing a connection with
 * unread bytes makes the other end lose the answer.
 */
export function sendProblem(request: IncomingMessage, response: ServerResponse, problem: HttpProblem): void {
  const { status, message, retryAfter } = problem;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) };
  if (request.complete || request.destroyed) {
    sendJson(response, status, { code: status, message }, headers);
    // a complete request may still hold bytes, which would keep the connection from its next one
    request.resume();
    return;
  }
  const data = Buffer.from(`${JSON.stringify({ code: status, message })}\n`);
  response.writeHead(status, {
    ...headers,
    ...plainHeaders('application/json', data.length),
    connection: 'close',
  });
  response.write(data);
  drain(request, () => response.end());
}

function plainHeaders(type: string, length: number): OutgoingHttpHeaders {
  return {
    'content-type': type,
    'content-length': length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
}

function drain(request: IncomingMessage, done: () => void): void {
  let left = unwantedBytes;
  const end = (): void => {
    clearTimeout(timer);
    request.off('data', count).off('end', end).off('error', end).off('close', end);
    request.on('error', () => {}).pause();
    done();
  };
  const count = (chunk: Uint8Array): void => {
    left -= chunk.length;
    if (left < 0) request.pause();
  };
  const timer = setTimeout(end, unwantedMilliseconds);
  request.on('data', count).on('end', end).on('error', end).on('close', end);
  request.resume();
}
