import type { Awaitable, ID } from '@dimp/mkm';

/** What a file host is told with an upload. */
export interface UploadOptions {
  /** The local user whose file it is. */
  readonly sender: ID;
  /** Given for a file in the clear only: the name of an encrypted file is as secret as the file. */
  readonly filename?: string;
  /** Bytes of what is uploaded, when known. */
  readonly size?: number;
  /** Called with the bytes done so far, and all there are when known. */
  readonly onProgress?: (bytesDone: number, bytesTotal?: number) => void;
  readonly signal?: AbortSignal;
}

/** What a file host is told with a download. */
export interface DownloadOptions {
  /** Called with the bytes done so far, and all there are when known. */
  readonly onProgress?: (bytesDone: number, bytesTotal?: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * A port: where files stand between sender and receivers. What it is given is encrypted, broadcasts excepted,
 * so it need not be trusted with it; it can alter a file, though, as nothing signs them.
 *
 * Both methods reject with the signal's reason once that is aborted, and with an error of their own when
 * something broke on the way; a stream that was given out errors likewise.
 */
export interface FileHost {
  /**
   * Takes a file and tells where it stands from now on; undefined when it does not take it. A stream is read
   * to its end, or cancelled. When it fails, so does the upload: half a file has no URL.
   */
  upload(
    data: Uint8Array | ReadableStream<Uint8Array>,
    options: UploadOptions,
  ): Awaitable<string | undefined>;
  /**
   * Gives a file; undefined when it cannot be had. **The URL is whatever the sender wrote**: a host fetches
   * only from places it knows, or senders make it call any address, on the user's own network too.
   */
  download(
    url: string,
    options?: DownloadOptions,
  ): Awaitable<Uint8Array | ReadableStream<Uint8Array> | undefined>;
}
