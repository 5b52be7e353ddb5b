/** Nobody reads any more what the demo writes, as after `| head`: it ends, and that is no failure. */
export class NobodyReadsError extends Error {
  override readonly name = 'NobodyReadsError';
}

/** What of `process` tells that the demo is to stop. */
export interface StoppableProcess {
  once(event: NodeJS.Signals, listener: () => void): unknown;
  readonly stdout: { on(event: 'error', listener: (error: Error) => void): unknown };
}

/**
 * Aborted when the process is to end, so that the station and its folder, with a private key in it, go before. The
 * reason is an error of the output when that is why.
 */
export function stopSignal(process: StoppableProcess): AbortSignal {
  const controller = new AbortController();
  // once: a second Ctrl-C ends the program at once
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => controller.abort());
  process.stdout.on('error', error => {
    const { code } = error as NodeJS.ErrnoException;
    // a terminal that was closed says EIO
    controller.abort(code === 'EPIPE' || code === 'EIO' ? new NobodyReadsError() : error);
  });
  return controller.signal;
}
