import type { IncomingMessage } from 'node:http';
import type { Address } from '@dimp/mkm';
import { HttpProblem } from '../http/http-problem.js';
import { sendJson } from '../http/reply.js';
import type { Exchange, Route } from '../http/router.js';
import { type Metrics, noMetrics } from '../metrics.js';
import { sendFile } from './download.js';
import { endingOf, isFileName, type OwnerContext, parseOwner } from './file-name.js';
import { defaultFileOptions, type FileOptions } from './file-options.js';
import { FileQuota } from './file-quota.js';
import { type FileKind, FileStore } from './file-store.js';
import { type FileCount, FileTally } from './file-tally.js';
import { TransferSlots } from './transfer-slots.js';
import { takeUpload, type Uploaded } from './upload.js';
import type { UploadTokens } from './upload-tokens.js';

/** What files are served with. */
export interface FileServiceParts {
  /** Where they are kept; made when it is not there. */
  readonly folder: string;
  readonly protocol: OwnerContext;
  readonly tokens: UploadTokens;
  readonly options?: Partial<FileOptions>;
  readonly metrics?: Metrics;
  /** Whether the operator has shut the user of an address out: he uploads nothing more. */
  readonly isBanned?: (address: Address) => boolean;
}

/** Files over HTTP, by the paths of both generations. */
export class FileService {
  /** What was counted last, and what came since. */
  get count(): FileCount {
    const { files, bytes } = this.#tally.totals;
    return { files, bytes };
  }
  readonly routes: readonly Route[];
  readonly #parts: FileServiceParts;
  readonly #options: FileOptions;
  readonly #metrics: Metrics;
  readonly #store: FileStore;
  readonly #quota: FileQuota;
  readonly #tally = new FileTally();
  readonly #slots: TransferSlots;
  /** Counts everything once, before anything is taken. */
  #counting: Promise<void> | undefined;
  #isStopping = false;
  #idle: (() => void) | undefined;

  private constructor(parts: FileServiceParts, store: FileStore) {
    this.#parts = parts;
    this.#options = { ...defaultFileOptions, ...parts.options };
    this.#metrics = parts.metrics ?? noMetrics;
    this.#store = store;
    this.#quota = new FileQuota(store, this.#options, () => this.#tally.totals.blockBytes);
    this.#slots = new TransferSlots(this.#options.transfers);
    this.routes = this.#createRoutes();
  }

  /** @throws {StorageError} the folder cannot be used */
  static async open(parts: FileServiceParts): Promise<FileService> {
    const service = new FileService(parts, await FileStore.open(parts.folder));
    // whoever uploads hears of a failure, and has it tried again
    service.#countOnce().catch(() => {});
    return service;
  }

  /** Removes what is too old. @param now seconds since 1970 */
  async sweep(now: number): Promise<FileCount> {
    await this.#countOnce();
    await this.#recount(now - this.#options.days * 86_400);
    return this.count;
  }

  /** Takes nothing more, and resolves when what is under way has come to its end. */
  async close(): Promise<void> {
    this.#isStopping = true;
    await Promise.allSettled([this.#counting]);
    if (this.#slots.count === 0) return;
    await new Promise<void>(resolve => {
      this.#idle = resolve;
    });
  }

  #createRoutes(): readonly Route[] {
    const upload = (path: string, kind?: FileKind): Route => ({
      method: 'POST',
      path,
      isOpen: true,
      handle: exchange => this.#transfer(exchange, () => this.#upload(exchange, kind)),
    });
    const download = (path: string, handle: (exchange: Exchange) => Promise<void>): Route => ({
      method: 'GET',
      path,
      isOpen: true,
      handle: exchange => this.#transfer(exchange, () => handle(exchange)),
    });
    return [
      upload('/upload/{id}/file', 'file'),
      upload('/upload/{id}/avatar', 'avatar'),
      upload('/{id}/upload'),
      download('/download/{id}/{file}', exchange => this.#download(exchange, 'file')),
      download('/avatar/{id}/{file}', exchange => this.#download(exchange, 'avatar')),
      download('/avatar/{file}', exchange => this.#downloadCurrent(exchange)),
      download('/{id}/{file}', exchange => this.#downloadCurrent(exchange)),
    ];
  }

  /** Counts what was here before this run; once, unless it fails. */
  #countOnce(): Promise<void> {
    this.#counting ??= this.#recount(Number.NEGATIVE_INFINITY).catch((error: unknown) => {
      this.#counting = undefined;
      throw error;
    });
    return this.#counting;
  }

  #recount(before: number): Promise<void> {
    const removed = (address: string, bytes: number): void => this.#quota.removed(address, bytes);
    return this.#tally.count(() => this.#store.sweep(before, removed));
  }

  async #transfer({ request }: Exchange, work: () => Promise<void>): Promise<void> {
    if (this.#isStopping) throw new HttpProblem(503, 'The station stops.', { retryAfter: 5 });
    const giveBack = this.#slots.take(request.socket.remoteAddress);
    try {
      await work();
    } finally {
      giveBack();
      if (this.#slots.count === 0) this.#idle?.();
    }
  }

  async #upload({ request, response, params }: Exchange, kind: FileKind | undefined): Promise<void> {
    const owner = this.#owner(params['id'] ?? '');
    if (owner === undefined) throw new HttpProblem(404, 'The path names no user.');
    this.#authorise(request, owner);
    await this.#countOnce();
    const place = { store: this.#store, quota: this.#quota, options: this.#options };
    const uploaded = await takeUpload(request, owner, kind, place);
    this.#metrics.fileUploaded(uploaded.bytes);
    if (uploaded.isNew) this.#tally.add(uploaded.bytes);
    if (response.destroyed) return;
    sendJson(response, 200, {
      code: 200,
      message: 'The file is here.',
      filename: uploaded.name,
      url: this.#urlOf(request, owner, uploaded),
    });
  }

  #authorise(request: IncomingMessage, owner: Address): void {
    if (this.#parts.isBanned?.(owner)) throw new HttpProblem(403, 'The station serves you no more.');
    const [, token] = /^Bearer +([^ ]+)$/i.exec(request.headers.authorization ?? '') ?? [];
    // a token that is given must be right also where none is needed: it tells its holder that it has ended
    if (token === undefined ? this.#options.openUploads : this.#parts.tokens.check(token, owner)) return;
    throw new HttpProblem(401, 'Uploading needs the token that came with the last handshake.');
  }

  async #download(exchange: Exchange, kind: FileKind): Promise<void> {
    const { id = '', file = '' } = exchange.params;
    const owner = this.#owner(id);
    if (owner === undefined || !isFileName(file)) throw notHere();
    await this.#send(exchange, owner, kind, file, true);
  }

  /** `/avatar/{ID}.{ext}` and `/{ID}/avatar.{ext}`: whichever was uploaded last. */
  async #downloadCurrent(exchange: Exchange): Promise<void> {
    const { id, file = '' } = exchange.params;
    const ending = endingOf(file);
    const rest = file.slice(0, -ending.length - 1);
    const owner = this.#owner(id ?? rest);
    if (owner === undefined || ending === '' || (id !== undefined && rest !== 'avatar')) throw notHere();
    const name = await this.#store.avatarName(owner.text, ending);
    if (name === undefined) throw notHere();
    await this.#send(exchange, owner, 'avatar', name, false);
  }

  async #send(exchange: Exchange, owner: Address, kind: FileKind, name: string, isFixed: boolean) {
    const file = await this.#store.read(kind, owner.text, name);
    if (file === undefined) throw notHere();
    const source = { file, kind, name, isFixed };
    this.#metrics.fileDownloaded(await sendFile(exchange, source, this.#options.idleSeconds));
  }

  #owner(segment: string): Address | undefined {
    return parseOwner(segment, this.#parts.protocol);
  }

  #urlOf(request: IncomingMessage, owner: Address, { kind, name }: Uploaded): string {
    const path = `/${kind === 'avatar' ? 'avatar' : 'download'}/${owner.text}/${name}`;
    const { url } = this.#options;
    if (url !== undefined) return `${url.replace(/\/+$/, '')}${path}`;
    // who uploads is told the name by which he came here; he fools nobody but himself with another one
    const host = /^[0-9A-Za-z.:[\]_-]{1,255}$/.exec(request.headers.host ?? '')?.[0] ?? 'localhost';
    return `${'encrypted' in request.socket ? 'https' : 'http'}://${host}${path}`;
  }
}

function notHere(): HttpProblem {
  return new HttpProblem(404, 'There is no such file.');
}
