import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

/** Where and when figures were taken. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  readonly openssl: string;
  /** Mean number of programs that wanted to run in the last minute, at the start. */
  readonly load: number;
  readonly time: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    openssl: process.versions['openssl'] ?? 'unknown',
    load: loadavg()[0] ?? 0,
    time: new Date().toISOString(),
  };
}

/** One line. */
export function formatMachine({ cpu, cores, platform, node, openssl, load, time }: Machine): string {
  return `${cpu}, ${cores} cores, ${platform}, Node ${node}, OpenSSL ${openssl}, load ${load.toFixed(2)}, ${time}`;
}
