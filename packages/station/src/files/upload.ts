import type { IncomingMessage } from 'node:http';
import type { Address } from '@dimp/mkm';
import { HttpProblem } from '../http/http-problem.js';
import { endingOf } from './file-name.js';
import type { FileOptions } from './file-options.js';
import type { Allowance, FileQuota, NoRoom } from './file-quota.js';
import type { Draft, FileKind, FileStore } from './file-store.js';
import { type FormFile, readForm } from './multipart.js';

/** What an upload goes into. */
export interface UploadPlace {
  readonly store: FileStore;
  readonly quota: FileQuota;
  readonly options: FileOptions;
}

/** A file that was taken. */
export interface Uploaded {
  readonly kind: FileKind;
  readonly name: string;
  readonly bytes: number;
  /** Whether the same was not there before. */
  readonly isNew: boolean;
}

/** What a form may be larger than its file. */
const formBytes = 65_536;

/**
 * Takes the file of a form.
 *
 * @param kind undefined: the field's name decides, as on the path of generation 1
 * @throws {HttpProblem} 400, 403 more than is kept for one user, 408, 413, 415, 429 too many at once, 507 disk full or
 * more than is kept in all
 */
export async function takeUpload(
  request: IncomingMessage,
  owner: Address,
  kind: FileKind | undefined,
  { store, quota, options }: UploadPlace,
): Promise<Uploaded> {
  const { maxBytes, idleSeconds, uploadSeconds } = options;
  // before a byte of it is read
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + formBytes) {
    throw new HttpProblem(413, `A file may have ${maxBytes} bytes.`);
  }
  const address = owner.text;
  const allowance = await quota.begin(address);
  if (allowance === undefined) {
    throw new HttpProblem(429, 'Too many uploads at once; wait for one to end.', { retryAfter: 2 });
  }
  const noRoom = allowance.take(0);
  if (noRoom !== undefined) {
    allowance.end();
    throw quotaProblem(noRoom);
  }
  const drafts: Draft[] = [];
  let added: number | undefined;
  const write = async ({ field, filename, data }: FormFile): Promise<Omit<FormFile, 'data'>> => {
    if (field !== 'file' && field !== 'avatar') {
      throw new HttpProblem(400, 'Expected the file in the field "file" or "avatar".');
    }
    drafts.push(await store.write(counted(data, allowance)));
    return { field, filename };
  };
  try {
    const limits = { maxBytes, idleSeconds, totalSeconds: uploadSeconds };
    const { field, filename } = await readForm(request, limits, write);
    const ending = endingOf(filename);
    const place = kind ?? (field === 'avatar' ? 'avatar' : 'file');
    const [draft] = drafts as [Draft];
    const { name, isNew } = await store.keep(draft, place, address, ending);
    if (isNew) added = draft.bytes;
    if (place === 'avatar') await store.setAvatar(address, name, ending);
    return { kind: place, name, bytes: draft.bytes, isNew };
  } catch (error) {
    throw isDiskFull(error) ? new HttpProblem(507, 'The station has no room now.', { cause: error }) : error;
  } finally {
    allowance.end(added);
    for (const draft of drafts) await store.discard(draft);
  }
}

async function* counted(data: AsyncIterable<Uint8Array>, allowance: Allowance): AsyncIterable<Uint8Array> {
  for await (const chunk of data) {
    const noRoom = allowance.take(chunk.length);
    if (noRoom !== undefined) throw quotaProblem(noRoom);
    yield chunk;
  }
}

/** Seconds after which files may have come to the end of their days. */
const sweepSeconds = 3_600;

function quotaProblem(noRoom: NoRoom): HttpProblem {
  return noRoom === 'user'
    ? new HttpProblem(403, 'As much as is kept for one user is kept for you already.')
    : new HttpProblem(507, 'The station keeps as many bytes of files as it may already.', {
        retryAfter: sweepSeconds,
      });
}

/** Whether the disk has no room, or none for this process. */
function isDiskFull(error: unknown): boolean {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}
