import type { Duplex } from 'node:stream';

/**
 * Lets everything that is written to a stream in one turn leave together, in one call of the system: a sync of the disk
 * sets many packages and acknowledgements free at once.
 */
export function corkForThisTurn(stream: Duplex): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(uncork, stream);
}

function uncork(stream: Duplex): void {
  stream.uncork();
}
