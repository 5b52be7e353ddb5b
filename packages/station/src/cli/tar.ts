/** Blocks of a tar file; everything in it begins at one. */
export const tarBlock = 512;
const nameBytes = 100;
/** Eleven digits to the base of eight. */
const maxSize = 8 ** 11 - 1;

/** A file in a tar file. */
export interface TarEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly size: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** The block in front of a file, in the form of POSIX `ustar`. @throws {RangeError} a name or size that does not fit */
export function formatTarHeader({ name, size, time }: TarEntry): Uint8Array {
  if (Buffer.byteLength(name) >= nameBytes) throw new RangeError(`A name too long for a tar file: ${name}`);
  if (size > maxSize) throw new RangeError(`${name} is too large for a tar file.`);
  const header = Buffer.alloc(tarBlock);
  header.write(name, 0);
  header.write(octal(0o600, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(Math.floor(time), 11), 136);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  header.write(`${octal(checksum(header), 6)}\u0000 `, 148);
  return header;
}

/** What such a block says; undefined for one that ends the file. @throws {RangeError} it is no header of a file */
export function parseTarHeader(block: Uint8Array): TarEntry | undefined {
  const header = Buffer.from(block.buffer, block.byteOffset, block.length);
  if (header.every(byte => byte === 0)) return undefined;
  const field = (start: number, length: number): string =>
    header.toString('utf8', start, start + length).split('\u0000', 1)[0] as string;
  const number = (start: number, length: number): number => Number.parseInt(field(start, length).trim(), 8);
  const size = number(124, 12);
  const kind = field(156, 1);
  const isFile = kind === '0' || kind === '';
  if (number(148, 8) !== checksum(header) || !isFile || !Number.isSafeInteger(size) || size < 0) {
    throw new RangeError('expected the header of a file');
  }
  return { name: field(0, nameBytes), size, time: number(136, 12) };
}

/** Bytes that fill the last block of a file. */
export function tarPadding(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** The sum of all bytes, its own place taken for blanks. */
function checksum(header: Uint8Array): number {
  let sum = 8 * 0x20;
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum;
}
