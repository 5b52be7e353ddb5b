import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { StoreHolder } from '../errors.js';

const fileName = 'holder.json';

/** Leaves the name of this process in a folder that it has locked. */
export async function writeHolder(location: string): Promise<void> {
  const holder: StoreHolder = { pid: process.pid, host: hostname(), since: Math.floor(Date.now() / 1000) };
  await writeFile(join(location, fileName), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
}

/** Takes the name away again, at once, since it must be done while the folder is locked: then it may be another's. */
export function forgetHolder(location: string): void {
  try {
    rmSync(join(location, fileName), { force: true });
  } catch {
    // one that stays does no harm: it is looked at while the folder is locked, and whoever locks it writes his own
  }
}

/** Who has locked a folder; undefined when he left no name, or the name is of a process that is gone. */
export async function readHolder(location: string): Promise<StoreHolder | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(location, fileName), 'utf8'));
  } catch {
    // the lock is a fact without it: the file is written after locking, and may be half written just now
    return undefined;
  }
  const { pid, host, since } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'number') return undefined;
  return host === hostname() && !isAlive(pid) ? undefined : { pid, host, since };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // a process of somebody else may not be signalled, but it is there
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
