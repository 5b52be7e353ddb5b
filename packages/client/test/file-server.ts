import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** What a test does in place of the server: true when it has answered. */
export type Interception = (request: IncomingMessage, response: ServerResponse) => Promise<boolean> | boolean;

/** An upload as it came. */
export interface SeenUpload {
  readonly path: string;
  readonly filename: string;
  readonly authorization: string | undefined;
  readonly length: string | undefined;
}

/**
 * A file server over HTTP as transport.md 15 has them, with files in memory. Generation 1 answers without `url`, gives
 * no tags and no pieces, and knows certain endings only; generation 2 answers 200 whatever happened, `code` counts.
 */
export class FileServer {
  readonly uploads: SeenUpload[] = [];
  readonly requests: string[] = [];
  readonly files: Map<string, Uint8Array> = new Map();
  intercept: Interception = () => false;
  readonly generation: 1 | 2;
  url: string = '';

  private constructor(generation: 1 | 2) {
    this.generation = generation;
  }

  static async start(generation: 1 | 2 = 2): Promise<FileServer> {
    const site = new FileServer(generation);
    const server = createServer((request, response) => {
      response.on('error', () => {});
      // a connection that a test cuts is no failure of this server
      site.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    endings.push(async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    });
    site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return site;
  }

  /** Where uploads go, as a session would say. */
  get uploadUrl(): string {
    return this.url + (this.generation === 1 ? '/{ID}/upload' : '/upload/{ID}/file');
  }

  /** Puts a file there; gives its URL. */
  put(data: Uint8Array, name = 'a.bin'): string {
    this.files.set(`/download/x/${name}`, data);
    return `${this.url}/download/x/${name}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    if (await this.intercept(request, response)) return;
    if (request.method === 'POST') await this.#take(request, response);
    else this.#give(request, response);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(Buffer.concat(parts), { headers }).formData();
    const file = form.get('file') as File;
    const data = new Uint8Array(await file.arrayBuffer());
    const { authorization, 'content-length': length } = request.headers;
    this.uploads.push({ path, filename: file.name, authorization, length });
    const ending = file.name.split('.').at(-1) ?? '';
    if (this.generation === 1 && !['png', 'jpg', 'jpeg', 'gif', 'mp3', 'mp4'].includes(ending)) {
      response.end(JSON.stringify({ code: 415, message: 'Unsupported Media Type' }));
      return;
    }
    const filename = `${createHash('md5').update(data).digest('hex')}.${ending}`;
    const [, first = '', second = ''] = path.split('/');
    const place = `/download/${this.generation === 1 ? first : second}/${filename}`;
    this.files.set(place, data);
    const answer = { code: 200, message: 'OK', filename };
    response.end(JSON.stringify(this.generation === 1 ? answer : { ...answer, url: this.url + place }));
  }

  #give(request: IncomingMessage, response: ServerResponse): void {
    const data = this.files.get(request.url ?? '');
    if (data === undefined) {
      response.writeHead(404).end('nothing');
      return;
    }
    if (this.generation === 1) {
      response.writeHead(200, { 'content-length': data.length }).end(data);
      return;
    }
    const tag = tagOf(data);
    const [, start] = /^bytes=([0-9]+)-$/.exec(request.headers.range ?? '') ?? [];
    if (start === undefined || request.headers['if-range'] !== tag) {
      response.writeHead(200, { 'content-length': data.length, etag: tag }).end(data);
      return;
    }
    const range = `bytes ${start}-${data.length - 1}/${data.length}`;
    response.writeHead(206, { 'content-range': range, etag: tag }).end(data.subarray(Number(start)));
  }
}

export function tagOf(data: Uint8Array): string {
  return `"${createHash('md5').update(data).digest('hex')}"`;
}

/** Sends the head of a download and so many bytes of it, then cuts the connection. */
export async function giveHalf(
  response: ServerResponse,
  data: Uint8Array,
  from: number,
  to: number,
): Promise<void> {
  const whole = { 'content-length': data.length - from, etag: tagOf(data) };
  const range = { ...whole, 'content-range': `bytes ${from}-${data.length - 1}/${data.length}` };
  response.writeHead(from === 0 ? 200 : 206, from === 0 ? whole : range);
  await new Promise(resolve => response.write(data.subarray(from, to), resolve));
  await arrival();
  response.destroy();
}

/** Resolves when a reader in this process has what was written, however late the timers of a busy machine come. */
export async function arrival(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 20));
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}
