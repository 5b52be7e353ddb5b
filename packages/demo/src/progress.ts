/** What the demo needs of an output stream. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line that tells what is going on, and is gone when it is done. */
export interface Progress {
  /** @param share from 0 to 1, when it is known */
  show(text: string, share?: number): void;
  clear(): void;
}

/**
 * On a terminal one line that is written over, with blanks and no control codes; elsewhere a line for each new
 * text.
 */
export function progressOn(output: Output): Progress {
  let shown = '';
  /** What stands on the terminal now. */
  let last = '';
  const overwrite = (line: string): void => {
    if (line === last) return;
    output.write(`\r${line.padEnd(last.length)}\r`);
    last = line;
  };
  return {
    show(text, share) {
      if (output.isTTY === true) overwrite(share === undefined ? text : `${text} ${percent(share)}`);
      else if (text !== shown) output.write(`${text}\n`);
      shown = text;
    },
    clear() {
      if (output.isTTY === true) overwrite('');
      shown = '';
    },
  };
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
