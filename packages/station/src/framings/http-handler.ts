import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers the requests that come to the station's port and are no upgrade to WebSocket. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** There is nothing here. */
export const notFoundHandler: HttpHandler = (_, response) => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found.\n');
};
