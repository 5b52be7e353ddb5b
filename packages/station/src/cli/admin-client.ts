import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { isJsonObject, type JsonObject } from '@dimp/crypto';
import { type AdminAccess, readAdminFile } from '../http/admin-file.js';
import { CliError } from './cli-error.js';

/** Milliseconds without a byte after which a station is taken for dead. */
const patience = 30_000;

/** The file in the data folder that says how a running station is commanded. */
export function adminPath(data: string): string {
  return join(data, 'admin.json');
}

/** A station that runs. */
export class AdminClient {
  readonly #access: AdminAccess;
  #status: JsonObject = {};

  private constructor(access: AdminAccess) {
    this.#access = access;
  }

  /** What the station was doing when it was found. */
  get status(): JsonObject {
    return this.#status;
  }

  /** The station that runs on a folder; undefined when none does. What the folder's lock says counts more. */
  static async find(data: string): Promise<AdminClient | undefined> {
    const access = await readAdminFile(adminPath(data));
    if (access === undefined) return undefined;
    const client = new AdminClient(access);
    try {
      const response = await client.#send('GET', 'status');
      // whatever else listens there now, it does not know the token
      if (response.statusCode !== 200) {
        response.resume();
        return undefined;
      }
      client.#status = await readObject(response);
      return client;
    } catch (error) {
      // nothing answers: it was killed, and left its file
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return undefined;
      throw new CliError(`The station at ${access.url} does not answer; see the cause in its log.`, 1, {
        cause: error,
      });
    }
  }

  get(name: 'users' | 'known'): Promise<JsonObject> {
    return this.#json('GET', name);
  }

  async setBanned(id: string, isBanned: boolean): Promise<void> {
    await this.#json('POST', isBanned ? 'block' : 'unblock', { id });
  }

  async backup(): Promise<Readable> {
    return expectSuccess(await this.#send('GET', 'backup'));
  }

  async #json(method: 'GET' | 'POST', name: string, body?: JsonObject): Promise<JsonObject> {
    return readObject(await expectSuccess(await this.#send(method, name, body)));
  }

  #send(method: 'GET' | 'POST', name: string, body?: JsonObject): Promise<IncomingMessage> {
    const { url, token } = this.#access;
    const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
      method,
      headers: { authorization: `Bearer ${token}` },
      timeout: patience,
      // its name is that of the world outside, and it is reached from within this machine
      rejectUnauthorized: false,
    };
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(`${url}/admin/${name}`, options, resolve);
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.end(body && JSON.stringify(body));
    });
  }
}

async function readObject(response: IncomingMessage): Promise<JsonObject> {
  const answer: unknown = await json(response);
  return isJsonObject(answer) ? answer : {};
}

async function expectSuccess(response: IncomingMessage): Promise<IncomingMessage> {
  if (response.statusCode === 200) return response;
  const answer: unknown = await json(response);
  const message = isJsonObject(answer) ? answer['message'] : undefined;
  throw new CliError(typeof message === 'string' ? message : `The station said ${response.statusCode}.`);
}
