import type { AttachmentContext, AttachmentHandler } from '@dimp/core';
import type { SymmetricKey } from '@dimp/crypto';
import { plainKey } from '@dimp/crypto/plain';
import { type AnyFileContent, withFileData } from '@dimp/dkd';
import { collect, encryptThrough, tooLarge } from './byte-streams.js';
import { checkHost } from './check-arguments.js';
import { TransportError } from './errors.js';
import type { FileHost, UploadOptions } from './file-host.js';
import { fileLimits } from './file-limits.js';

/** How far a file has come. Its bytes are those that travel, which are encrypted. */
export interface FileProgress {
  readonly direction: 'upload' | 'download';
  readonly content: AnyFileContent;
  readonly bytesDone: number;
  /** Absent when it is not known. */
  readonly bytesTotal?: number;
}

/** Why a message went or came without what it could have had. The content is whole all the same. */
export interface FileProblem {
  /**
   * `upload`: the host failed, the file went inside the message. `download`: the host failed. `too-large`:
   * more than is fetched at once. `decrypt`: what stands there is not what was uploaded with this key.
   */
  readonly kind: 'upload' | 'download' | 'too-large' | 'decrypt';
  readonly content: AnyFileContent;
  readonly error: unknown;
}

/** How attachments are handled. */
export interface AttachmentOptions {
  /**
   * Which files are fetched as soon as their message comes; all when absent, up to `maxDownloadBytes`. The
   * others stay at their `url`, with the `password` that `openFile` needs.
   */
  readonly download?: 'always' | 'never' | ((content: AnyFileContent) => boolean);
  /** Larger files stay at their `url`; `fileLimits.downloadBytes` when absent. */
  readonly maxDownloadBytes?: number;
  /** Larger files do not travel inside their message; `fileLimits.inlineBytes` when absent. */
  readonly maxInlineBytes?: number;
  readonly onProgress?: (progress: FileProgress) => void;
  readonly onProblem?: (problem: FileProblem) => void;
}

/**
 * Sends files through a host instead of inside their messages (v1.md 11).
 *
 * Sending: the file is encrypted with the message key and uploaded; the content that is sent has its `url` in
 * place of `data`, the caller's own is not changed. What the host does not take goes inside the message; a
 * file too large for that is refused with `TransportError`. A file given as `source` is encrypted and
 * uploaded piece by piece.
 *
 * Receiving: a file at a `url` is fetched and decrypted, which renames it (v1.md 8.2). When it cannot be had,
 * is not wanted or does not decrypt, the content keeps its `url`, and `password` says with which key to open
 * it later.
 * @throws {TypeError} something else than a host
 */
export function attachmentHandler(host: FileHost, options: AttachmentOptions = {}): AttachmentHandler {
  checkHost(host);
  return {
    beforeEncrypt: (content, context) => sendFile(content, context, host, options),
    afterDecrypt: (content, context) => receiveFile(content, context, host, options),
  };
}

async function sendFile<C extends AnyFileContent>(
  content: C,
  context: AttachmentContext,
  host: FileHost,
  options: AttachmentOptions,
): Promise<C> {
  const { data, source } = content;
  const { key, signal } = context;
  const open = data === undefined ? source : () => data;
  if (open === undefined) return content;
  signal?.throwIfAborted();
  const file = open();
  const encrypted =
    file instanceof Uint8Array ? await key.encrypt(file) : file.pipeThrough(encryptThrough(key));
  const { url, error } = await upload(encrypted, content, context, host, options);
  if (url !== undefined) {
    // a password of before is not the one of what was uploaded now
    const { data: _, source: __, password: ___, ...rest } = content;
    return { ...rest, url } as AnyFileContent as C;
  }
  if (!(encrypted instanceof Uint8Array) && !encrypted.locked) {
    // one that has errored is closed already, and says so by an error; `upload` has told of it
    await encrypted.cancel().catch(() => undefined);
  }
  // nothing is left of a stream that was uploaded in part, so it is opened again
  const inline = await collect(open(), options.maxInlineBytes ?? fileLimits.inlineBytes, signal);
  if (inline === undefined) {
    throw new TransportError(
      'The file host did not take the file, which is too large to go inside its message; try again later.',
      { cause: error },
    );
  }
  if (error !== undefined) options.onProblem?.({ kind: 'upload', content, error });
  const { source: _, ...rest } = content;
  return { ...rest, data: inline } as AnyFileContent as C;
}

/** Where the file stands; or nothing when the host does not take it, with the error if it failed. */
async function upload(
  file: Uint8Array | ReadableStream<Uint8Array>,
  content: AnyFileContent,
  { key, sender, signal }: AttachmentContext,
  host: FileHost,
  { onProgress }: AttachmentOptions,
): Promise<{ readonly url?: string | undefined; readonly error?: unknown }> {
  const { filename } = content;
  const settings: UploadOptions = {
    sender,
    ...(file instanceof Uint8Array && { size: file.length }),
    ...(key.algorithm === plainKey.algorithm && filename !== undefined && { filename }),
    ...progressOptions('upload', content, onProgress),
    ...(signal && { signal }),
  };
  try {
    return { url: await host.upload(file, settings) };
  } catch (error) {
    signal?.throwIfAborted();
    return { error };
  }
}

async function receiveFile<C extends AnyFileContent>(
  content: C,
  context: AttachmentContext,
  host: FileHost,
  options: AttachmentOptions,
): Promise<C> {
  if (content.url === undefined) return content;
  context.signal?.throwIfAborted();
  // a file that its sender had not uploaded for this message comes with the key of its own
  const password = content.password ?? context.key;
  const data = isWanted(content, options)
    ? await fetchFile(content, content.url, password, context, host, options)
    : undefined;
  if (data === undefined) return { ...content, password };
  const { url: _, password: __, ...rest } = content;
  return withFileData(rest as AnyFileContent as C, data);
}

/** The decrypted file; undefined when it cannot be had, which is reported if it is no plain "no". */
async function fetchFile(
  content: AnyFileContent,
  url: string,
  password: SymmetricKey,
  { signal }: AttachmentContext,
  host: FileHost,
  options: AttachmentOptions,
): Promise<Uint8Array | undefined> {
  const { maxDownloadBytes = fileLimits.downloadBytes, onProblem, onProgress } = options;
  let encrypted: Uint8Array | undefined;
  try {
    const settings = { ...progressOptions('download', content, onProgress), ...(signal && { signal }) };
    const file = await host.download(url, settings);
    if (file === undefined) return undefined;
    encrypted = await collect(file, maxDownloadBytes, signal);
  } catch (error) {
    signal?.throwIfAborted();
    onProblem?.({ kind: 'download', content, error });
    return undefined;
  }
  if (encrypted === undefined) {
    onProblem?.({ kind: 'too-large', content, error: tooLarge(maxDownloadBytes) });
    return undefined;
  }
  try {
    return await password.decrypt(encrypted);
  } catch (error) {
    onProblem?.({ kind: 'decrypt', content, error });
    return undefined;
  }
}

function isWanted(content: AnyFileContent, { download = 'always' }: AttachmentOptions): boolean {
  return typeof download === 'function' ? download(content) : download === 'always';
}

function progressOptions(
  direction: FileProgress['direction'],
  content: AnyFileContent,
  onProgress: AttachmentOptions['onProgress'],
): Pick<UploadOptions, 'onProgress'> {
  if (onProgress === undefined) return {};
  return {
    onProgress: (bytesDone, bytesTotal) =>
      onProgress({ direction, content, bytesDone, ...(bytesTotal !== undefined && { bytesTotal }) }),
  };
}
