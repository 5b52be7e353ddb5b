import { LimitError, ParseError } from '@dimp/crypto';
import { decodeUtf8 } from '@dimp/crypto/format';

/** A line that came in: its text, or why it has none. */
export type Line =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly error: ParseError };

/** The longest line, in bytes. */
export const maxLineBytes: number = 64 * 1024 * 1024;

const lineEnd = 0x0a;

/**
 * Cuts a stream of bytes into lines. What stands after the last line end is a line if there is anything. Of a
 * line that is too long nothing is kept.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number = maxLineBytes,
): AsyncGenerator<Line, void, undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > maxBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const take = (): Line => {
    const line = lineOf(parts, length, maxBytes);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

function lineOf(parts: readonly Uint8Array[], length: number, maxBytes: number): Line {
  if (length > maxBytes) {
    const problem = `expected at most ${maxBytes} bytes in a line, got ${length}`;
    return { kind: 'unreadable', error: new LimitError('request', problem) };
  }
  try {
    return { kind: 'line', text: decodeUtf8(Buffer.concat(parts, length), 'request') };
  } catch (error) {
    if (error instanceof ParseError) return { kind: 'unreadable', error };
    throw error;
  }
}
