import { UsageError } from '@dimp/crypto';
import type { AnyFileContent } from '@dimp/dkd';
import { decryptThrough, streamOf } from './byte-streams.js';
import { TransportError } from './errors.js';
import type { DownloadOptions, FileHost } from './file-host.js';

/**
 * Fetches and decrypts a file that was left at its `url` with its `password`, whatever its size: memory holds
 * a piece at a time, and cancelling the stream stops the download.
 *
 * **Use nothing of it before the stream has ended.** Whether the password fits and the file is whole shows in
 * the last bytes only; if not, the stream errors with `DecryptError` there, after it has given bytes without
 * meaning. So write to a temporary place first. And as nothing signs a file, its host can alter it unseen.
 *
 * The stream errors with `TransportError` when the host does not have the file, and with the signal's reason.
 * @throws {UsageError} a content without `url` or without `password`
 */
export function openFile(
  content: AnyFileContent,
  host: Pick<FileHost, 'download'>,
  options: DownloadOptions = {},
): ReadableStream<Uint8Array> {
  const { url, password } = content;
  if (url === undefined || password === undefined) {
    throw new UsageError(
      'Expected a content with url and password; where there is data, the file is there already.',
    );
  }
  const { readable, writable } = decryptThrough(password);
  const fill = async (): Promise<void> => {
    options.signal?.throwIfAborted();
    const file = await host.download(url, options);
    if (file === undefined)
      throw new TransportError('The file host does not have the file; try again later.');
    await streamOf(file).pipeTo(writable, options.signal && { signal: options.signal });
  };
  fill()
    .catch(error => writable.abort(error))
    // a stream that has errored refuses to be aborted; its reader knows why already
    .catch(() => undefined);
  return readable;
}
