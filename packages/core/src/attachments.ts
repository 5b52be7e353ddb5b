import type { SymmetricKey } from '@dimp/crypto';
import type { AnyFileContent } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';

/** What the handling of a file is told. */
export interface AttachmentContext {
  /** The message key; PLAIN in a broadcast. */
  readonly key: SymmetricKey;
  readonly sender: ID;
  readonly receiver: ID;
  readonly signal?: AbortSignal;
}

/** A port: what happens to a file before its content is encrypted and after it has been decrypted. */
export interface AttachmentHandler {
  /** The content to send in place of this one: with `url` when the file was uploaded. */
  beforeEncrypt<C extends AnyFileContent>(content: C, context: AttachmentContext): Promise<C>;
  /** The content to give to the application: with `data`, or with the password to fetch it later. */
  afterDecrypt<C extends AnyFileContent>(content: C, context: AttachmentContext): Promise<C>;
}
