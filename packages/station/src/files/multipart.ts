import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { HttpProblem } from '../http/http-problem.js';

/** A file in a form. */
export interface FormFile {
  readonly field: string;
  readonly filename: string;
  /** Throws when the form breaks off, and when the file is larger than allowed. */
  readonly data: AsyncIterable<Uint8Array>;
}

/** What reading a form may cost. */
export interface FormLimits {
  readonly maxBytes: number;
  readonly idleSeconds: number;
  readonly totalSeconds: number;
}

/** What a form may hold beside its file: old clients may add fields. Nobody reads them. */
const besideFile = { files: 1, fields: 16, parts: 20, fieldSize: 1_024, headerPairs: 32, headerSize: 8_192 };

/**
 * Reads a form and hands its first file on while it comes.
 *
 * @param use takes the file. What it gives counts only when this resolves: a form may break behind its file
 * @throws {HttpProblem} 400 broken or without a file, 408 too slow, 413 too large; else what `use` threw
 */
export async function readForm<T>(
  request: IncomingMessage,
  limits: FormLimits,
  use: (file: FormFile) => Promise<T>,
): Promise<T> {
  const parser = createParser(request, limits.maxBytes);
  let used: Promise<T> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const whole = new Promise<void>((resolve, reject) => {
    let stream: Readable | undefined;
    const fail = (error: Error): void => {
      request.unpipe(parser);
      reject(error);
      stream?.destroy(error);
    };
    const failWith = (status: number, text: string) => (cause?: unknown) =>
      fail(new HttpProblem(status, text, { cause }));
    parser.on('file', (field, file, filename) => {
      stream = file;
      // told by `data`; without a listener of its own an error that comes when nobody reads would end the process
      file.on('error', () => {});
      file.on('limit', failWith(413, `A file may have ${limits.maxBytes} bytes.`));
      used = use({ field, filename: filename ?? '', data: file });
      used.catch(fail);
    });
    parser.on('error', failWith(400, 'The form is broken.'));
    parser.on('finish', resolve);
    const broken = failWith(400, 'The connection broke off.');
    request.on('error', broken);
    request.on('close', () => (request.complete ? undefined : broken()));
    request.setTimeout(limits.idleSeconds * 1000, failWith(408, 'The upload stood still.'));
    timer = setTimeout(failWith(408, 'The upload took too long.'), limits.totalSeconds * 1000);
  });
  request.pipe(parser);
  try {
    await whole;
  } finally {
    clearTimeout(timer);
    await Promise.allSettled([used]);
  }
  if (used === undefined) throw new HttpProblem(400, 'The form holds no file.');
  return await used;
}

function createParser(request: IncomingMessage, maxBytes: number): BusboyInstance {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new HttpProblem(415, 'Expected a form: multipart/form-data.');
  }
  try {
    const headers: BusboyHeaders = { ...request.headers, 'content-type': type };
    return new Busboy({ headers, limits: { ...besideFile, fileSize: maxBytes } });
  } catch (cause) {
    throw new HttpProblem(400, 'The form has no boundary.', { cause });
  }
}
