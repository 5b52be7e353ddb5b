let last = 0;

/** The number of the next connection of this process. */
export function nextConnectionNumber(): number {
  return ++last;
}
