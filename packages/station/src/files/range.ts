/** A piece of a file; `end` is the last byte of it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The piece that a `Range` header asks for (RFC 9110, 14.2).
 *
 * Undefined when the whole file is to be given: there is no header, or one that may be ignored because it is malformed,
 * of another unit, or asks for several pieces. `'unsatisfiable'` when nothing of the file lies in it.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] =
    /^bytes=\s*([0-9]{0,15})\s*-\s*([0-9]{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** Whether one of the tags of an `If-None-Match` or `If-Range` header is this one. A date never is. */
export function hasTag(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some(one => one.trim() === tag);
}
