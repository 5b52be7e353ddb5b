import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { JsonReader, parseJsonObject, type RandomBytes, randomBytes } from '@dimp/crypto';
import { encodeHex } from '@dimp/crypto/format';

/** How the `dims` commands reach a station that runs: who can read the file may command it. */
export interface AdminAccess {
  readonly pid: number;
  /** Of the station on this machine, without a path: `http://127.0.0.1:9394`. */
  readonly url: string;
  /** 64 hex digits, new at each start. */
  readonly token: string;
}

/** A new way in for this run. */
export function generateAdminAccess(url: string, random: RandomBytes = randomBytes): AdminAccess {
  return { pid: process.pid, url, token: encodeHex(random(32)) };
}

/** Writes the file for its owner only. It is there whole or not at all. */
export async function writeAdminFile(path: string, { pid, url, token }: AdminAccess): Promise<void> {
  const partial = `${path}.${randomUUID()}`;
  try {
    await writeFile(partial, `${JSON.stringify({ pid, url, token })}\n`, { mode: 0o600, flag: 'wx' });
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

/**
 * What stands in the file; undefined when there is none, so that no station runs, or none that was stopped in peace.
 * @throws {ParseError} something else stands there
 */
export async function readAdminFile(path: string): Promise<AdminAccess | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const reader = new JsonReader(parseJsonObject(text, 'admin.json'), 'admin.json');
  return { pid: reader.integer('pid'), url: reader.text('url'), token: reader.text('token') };
}

/** Removes the file, if it is of this station still. */
export async function removeAdminFile(path: string, { token }: AdminAccess): Promise<void> {
  if ((await readAdminFile(path))?.token === token) await rm(path, { force: true });
}
