/** How many files there are, and their bytes. */
export interface FileCount {
  readonly files: number;
  readonly bytes: number;
}

/** The same, with what they take on a disk. */
export interface FileTotals extends FileCount {
  /** Bytes in whole blocks. */
  readonly blockBytes: number;
}

/** What a file takes at least, and in steps of it: many small files fill a disk, too. */
const step = 4_096;

/** What a file of so many bytes takes on a disk. */
export function blocksOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / step)) * step;
}

/** What is kept in all: counted from time to time, with what came since. */
export class FileTally {
  #counted: FileTotals = none;
  #since: FileTotals = none;

  get totals(): FileTotals {
    return sum(this.#counted, this.#since);
  }

  /** A file is there that was not before. */
  add(bytes: number): void {
    this.#since = sum(this.#since, { files: 1, bytes, blockBytes: blocksOf(bytes) });
  }

  /** Counts anew. What comes meanwhile may count twice until the next time; it is never missed. */
  async count(work: () => Promise<FileTotals>): Promise<void> {
    const before = this.totals;
    this.#counted = before;
    this.#since = none;
    this.#counted = await work();
  }
}

const none: FileTotals = { files: 0, bytes: 0, blockBytes: 0 };

function sum(a: FileTotals, b: FileTotals): FileTotals {
  return {
    files: a.files + b.files,
    bytes: a.bytes + b.bytes,
    blockBytes: a.blockBytes + b.blockBytes,
  };
}
