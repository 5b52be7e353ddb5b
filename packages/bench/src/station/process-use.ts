/** What this process has used. */
export const processUse = {
  /** Microseconds of processor time, of all its threads. */
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Bytes of resident memory, after collections where there can be some. */
  memory(): number {
    globalThis.gc?.();
    globalThis.gc?.();
    return process.memoryUsage.rss();
  },
};
