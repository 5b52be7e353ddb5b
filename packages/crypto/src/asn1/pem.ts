import { KeyFormatError, LimitError, ParseError } from '../errors.js';
import { decodeBase64, encodeBase64 } from '../format/base64.js';
import { limits } from '../limits.js';

/** One block of a PEM text. */
export interface PemBlock {
  /** What stands between `BEGIN ` and the dashes: `PUBLIC KEY`. */
  readonly label: string;
  /** What stands between the two marks, not decoded. */
  readonly body: string;
}

const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g;

/**
 * All blocks of a text, in order. Text around them is skipped, as RFC 7468 allows.
 * @throws {LimitError} longer than any key
 */
export function findPemBlocks(text: string): PemBlock[] {
  if (text.length > limits.keyText) {
    throw new LimitError('Key', `expected at most ${limits.keyText} letters, got ${text.length}`);
  }
  return Array.from(text.matchAll(block), ([, label = '', body = '']) => ({ label, body }));
}

/**
 * The bytes of a block. Lines may have any length, blanks and end.
 * @throws {KeyFormatError} not base64, such as a block with headers because it is encrypted
 */
export function decodePemBlock({ label, body }: PemBlock): Uint8Array {
  try {
    return decodeBase64(body, 'Key');
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    // no cause: it is about the text of a key
    throw new KeyFormatError(
      `The ${label} block is not base64; expected padded base64 lines without headers. Write the key again, unencrypted.`,
    );
  }
}

/** A block in the form that is written: lines of 64 letters, `\n`, no line end after the last. */
export function formatPemBlock(label: string, data: Uint8Array): string {
  const lines = encodeBase64(data).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}
