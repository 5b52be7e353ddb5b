import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpHandler } from '../framings/http-handler.js';
import { asHttpProblem, HttpProblem } from './http-problem.js';
import { sendProblem } from './reply.js';

export type { HttpHandler };

/** One request with what its path holds. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** By the names in the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** One line of the table. */
export interface Route {
  /** GET includes HEAD. */
  readonly method: 'GET' | 'POST';
  /** `/download/{id}/{file}`: each segment is a word or a name in braces, which stands for one whole segment. */
  readonly path: string;
  /** Whether pages of any origin may call it. Whatever it gives it gives for a token or to everybody. */
  readonly isOpen?: boolean;
  /** What it rejects with is answered. */
  handle(exchange: Exchange): Promise<void>;
}

/** Longer paths are none of ours. */
const maxPathLength = 2_048;

/** What browsers are told where pages of other origins may ask. */
const openHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Accept-Ranges, Content-Range, ETag, Retry-After',
  'cross-origin-resource-policy': 'cross-origin',
};

const preflightHeaders = {
  ...openHeaders,
  'access-control-allow-methods': 'GET, HEAD, POST',
  'access-control-allow-headers': 'Authorization, Content-Type, If-None-Match, If-Range, Range',
  'access-control-max-age': '86400',
};

/**
 * A handler over a table of routes; the first that fits has the request. It never throws.
 *
 * @param onError told of what is no answer but a failure of the station
 */
export function createRouter(routes: readonly Route[], onError: (error: unknown) => void): HttpHandler {
  const table = routes.map(route => ({ route, segments: route.path.split('/').slice(1) }));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const segments = readPath(request.url ?? '');
    const fitting = table.flatMap(({ route, segments: pattern }) => {
      const params = match(pattern, segments);
      return params === undefined ? [] : [{ route, params }];
    });
    if (fitting.length === 0) throw new HttpProblem(404, 'There is nothing here.');
    const isOpen = fitting[0]?.route.isOpen === true;
    if (isOpen) setHeaders(response, openHeaders);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const chosen = fitting.find(({ route }) => route.method === method);
    if (chosen !== undefined) return chosen.route.handle({ request, response, params: chosen.params });
    if (method === 'OPTIONS' && isOpen) {
      response.writeHead(204, preflightHeaders).end();
      return;
    }
    response.setHeader('allow', [...new Set(fitting.map(({ route }) => route.method))].join(', '));
    throw new HttpProblem(405, `There is no ${method} here.`);
  }

  return (request, response) => {
    // a client that goes away is no failure of the station
    response.on('error', () => {});
    answer(request, response).catch((error: unknown) => {
      const problem = asHttpProblem(error);
      if (problem.status === 500) onError(error);
      if (response.headersSent) response.destroy();
      else sendProblem(request, response, problem);
    });
  };
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** The segments of a path, decoded one by one: a slash that was encoded parts nothing. */
function readPath(url: string): readonly string[] {
  if (url.length > maxPathLength) throw new HttpProblem(414, 'The path is too long.');
  const [path = ''] = url.split('?', 1);
  if (!path.startsWith('/')) throw new HttpProblem(400, 'Expected a path that begins with a slash.');
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch (cause) {
    throw new HttpProblem(400, 'The path is not encoded as paths are.', { cause });
  }
}

function match(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: [string, string][] = [];
  for (const [index, word] of pattern.entries()) {
    const segment = segments[index] as string;
    if (word.startsWith('{')) params.push([word.slice(1, -1), segment]);
    else if (word !== segment) return undefined;
  }
  return Object.fromEntries(params);
}
