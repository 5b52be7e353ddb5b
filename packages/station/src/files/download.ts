import type { FileHandle } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Exchange } from '../http/router.js';
import { endingOf } from './file-name.js';
import type { FileKind } from './file-store.js';
import { hasTag, parseRange } from './range.js';

/** What a download is of. */
export interface DownloadSource {
  readonly file: FileHandle;
  readonly kind: FileKind;
  /** As the station keeps it: it names the bytes, so it is their tag as well. */
  readonly name: string;
  /** Whether the path always means these bytes. */
  readonly isFixed: boolean;
}

/** Pictures that a page may show where it was given the URL of an avatar. All else is bytes, whatever its name says. */
const pictures: ReadonlyMap<string, string> = new Map([
  ['gif', 'image/gif'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
]);

/**
 * Gives a file or the piece of it that was asked for, and closes it.
 * @returns how many bytes were on their way; fewer than promised when the other end went away
 */
export async function sendFile(
  { request, response }: Exchange,
  source: DownloadSource,
  idleSeconds: number,
): Promise<number> {
  const { file } = source;
  try {
    const { size } = await file.stat();
    const { headers } = request;
    const tag = `"${source.name}"`;
    const common = headersOf(source, tag);
    if (hasTag(headers['if-none-match'], tag)) {
      response.writeHead(304, common).end();
      return 0;
    }
    const ifRange = headers['if-range']?.toString();
    const whole = ifRange !== undefined && !hasTag(ifRange, tag);
    const range = whole ? undefined : parseRange(headers.range, size);
    if (range === 'unsatisfiable') {
      response.writeHead(416, { ...common, 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
      return 0;
    }
    const { start, end } = range ?? { start: 0, end: size - 1 };
    response.writeHead(range === undefined ? 200 : 206, {
      ...common,
      'content-length': end - start + 1,
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end}/${size}` }),
    });
    if (request.method === 'HEAD' || end < start) {
      response.end();
      return 0;
    }
    response.setTimeout(idleSeconds * 1000, () => response.destroy());
    const stream = file.createReadStream({ start, end, autoClose: false });
    await pipeline(stream, response).catch(ignoreGone);
    return stream.bytesRead;
  } finally {
    await file.close();
  }
}

function headersOf({ kind, name, isFixed }: DownloadSource, tag: string): OutgoingHttpHeaders {
  const picture = kind === 'avatar' ? pictures.get(endingOf(name)) : undefined;
  return {
    'accept-ranges': 'bytes',
    'cache-control': isFixed ? 'public, max-age=31536000, immutable' : 'no-cache',
    // whoever is brought to open the URL gets no page out of it that acts in the station's name
    'content-disposition': picture === undefined ? `attachment; filename="${name}"` : 'inline',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-type': picture ?? 'application/octet-stream',
    etag: tag,
    'x-content-type-options': 'nosniff',
  };
}

/** A reader that goes away, or is too slow, is nothing that the station could answer. */
function ignoreGone(error: NodeJS.ErrnoException): void {
  const gone = ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ECONNRESET', 'EPIPE', 'ABORT_ERR'];
  if (!gone.includes(error.code ?? '')) throw error;
}
