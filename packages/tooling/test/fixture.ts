import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A workspace for one test: files by their path, those that are not text as JSON. Gives its folder. */
export function createWorkspace(files: Readonly<Record<string, unknown>>): string {
  const top = mkdtempSync(join(tmpdir(), 'dimp-tooling-'));
  folders.push(top);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return top;
}
