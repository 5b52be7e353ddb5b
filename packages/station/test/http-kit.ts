import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Protocol } from '@dimp/core';
import { type ID, parseID } from '@dimp/mkm';
import { defaultProtocol } from '@dimp/sdk';
import { FileService, type FileServiceParts } from '../src/files/file-service.js';
import { UploadTokens } from '../src/files/upload-tokens.js';
import type { HttpHandler } from '../src/framings/http-handler.js';
import { createRouter } from '../src/http/router.js';
import { afterTest } from './after-test.js';

export { until } from './until.js';

export const protocol: Protocol = defaultProtocol();
export const hulk: ID = parseID('hulk@4YeVEN3aUnvC1DNUufCq1bs9zoBSJTzVEj', protocol);
export const moki: ID = parseID('moki@4WDfe3zZ4T7opFSi3iDAKiuTnUHjxmXekk', protocol);

/** A folder that goes with the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'dimp-station-'));
  afterTest(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Listens with a handler; gives what its URLs begin with. */
export async function serve(handler: HttpHandler): Promise<string> {
  const server: Server = createServer(handler);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  afterTest(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A file service that listens. */
export interface FileSite {
  readonly url: string;
  readonly files: FileService;
  readonly root: string;
  readonly errors: unknown[];
  /** Header that lets this user upload. */
  pass(user: ID): { readonly authorization: string };
}

export async function fileSite(
  options: FileServiceParts['options'] = {},
  parts: Partial<FileServiceParts> = {},
): Promise<FileSite> {
  const root = parts.folder ?? (await folder());
  const tokens = new UploadTokens();
  const files = await FileService.open({ folder: root, protocol, tokens, options, ...parts });
  const errors: unknown[] = [];
  const url = await serve(createRouter(files.routes, error => errors.push(error)));
  const pass = (user: ID) => ({ authorization: `Bearer ${(parts.tokens ?? tokens).issue(user).token}` });
  return { url, files, root, errors, pass };
}

/** A form with one file. */
export function form(data: Uint8Array, filename = 'data.bin', field = 'file'): FormData {
  const body = new FormData();
  body.append(field, new Blob([data.slice()]), filename);
  return body;
}

/** What a service answers with. */
export interface Answer {
  readonly code: number;
  readonly message: string;
  readonly filename?: string;
  readonly url?: string;
}

/** Opens a plain socket to a URL's host, for what no client would send. */
export async function socketTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  afterTest(() => socket.destroy());
  await new Promise(resolve => socket.once('connect', resolve));
  return socket;
}

/** All that comes until the other end closes. */
export async function readAll(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on('data', part => parts.push(part));
  await new Promise(resolve => socket.once('close', resolve));
  return Buffer.concat(parts).toString('latin1');
}
