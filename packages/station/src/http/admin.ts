import type { IncomingMessage } from 'node:http';
import { equalBytes, JsonReader, ParseError, parseJsonObject } from '@dimp/crypto';
import { HttpProblem } from './http-problem.js';
import { isLocal } from './local.js';
import { sendJson } from './reply.js';
import type { Exchange, Route } from './router.js';
import type { StationControl } from './station-control.js';

/** More than an ID and its wrapping is no command. */
const commandBytes = 4_096;

/**
 * What the `dims` commands ask: `/admin/status`, `users`, `known` and `backup` by GET; `block`, `unblock` (`{ "id": "..." }`) and
 * `stop` by POST. For this machine only, with the token of the admin file; others learn no more than that nothing is here.
 */
export function adminRoutes(control: StationControl, token: string): readonly Route[] {
  const guarded = (method: Route['method'], name: string, handle: Route['handle']): Route => ({
    method,
    path: `/admin/${name}`,
    async handle(exchange) {
      if (!isLocal(exchange.request)) throw new HttpProblem(404, 'There is nothing here.');
      if (!holdsToken(exchange.request, token)) {
        throw new HttpProblem(401, 'Expected the token of the file that the running station wrote.');
      }
      await handle(exchange);
    },
  });
  const setBanned = (name: string, isBanned: boolean): Route =>
    guarded('POST', name, async ({ request, response }) => {
      await setBannedOf(control, await readID(request), isBanned);
      sendJson(response, 200, {
        code: 200,
        message: isBanned ? 'The user is shut out.' : 'The user is let in.',
      });
    });
  return [
    guarded('GET', 'status', async ({ response }) => sendJson(response, 200, await control.status())),
    guarded('GET', 'users', async ({ response }) =>
      sendJson(response, 200, { users: await control.users() }),
    ),
    guarded('GET', 'known', async ({ response }) => sendJson(response, 200, await control.known())),
    setBanned('block', true),
    setBanned('unblock', false),
    guarded('GET', 'backup', exchange => sendBackup(control, exchange)),
    guarded('POST', 'stop', async ({ request, response }) => {
      request.resume();
      sendJson(response, 202, { code: 202, message: 'The station stops.' });
      control.stop();
    }),
  ];
}

function holdsToken({ headers }: IncomingMessage, token: string): boolean {
  return equalBytes(Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${token}`));
}

async function setBannedOf(control: StationControl, id: string, isBanned: boolean): Promise<void> {
  try {
    await control.setBanned(id, isBanned);
  } catch (error) {
    if (error instanceof ParseError) throw new HttpProblem(400, error.message, { cause: error });
    throw error;
  }
}

async function readID(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > commandBytes) throw new HttpProblem(413, `A command may have ${commandBytes} bytes.`);
    parts.push(chunk);
  }
  try {
    return new JsonReader(parseJsonObject(Buffer.concat(parts), 'command'), 'command').text('id');
  } catch (cause) {
    throw new HttpProblem(400, 'Expected { "id": "..." }.', { cause });
  }
}

/** When the backup breaks, so does the connection: a backup that ends in peace is whole. */
async function sendBackup(control: StationControl, { request, response }: Exchange): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await control.backup(response);
}
