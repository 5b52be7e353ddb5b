import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listPackages, runScript } from '../workspace.mjs';

export const title = 'typecheck (TypeScript 6, sources and tests)';

/** The script of the compiler that many users still have, below the root. */
export const typescript6 = 'packages/tooling/node_modules/typescript-6/bin/tsc';

/**
 * It must read the same sources, each package as a program of its own: kinds of content that a test adds are
 * not there for the others.
 */
export function check() {
  const configs = listPackages()
    .map(({ dir }) => join(dir, 'tsconfig.json'))
    .filter(existsSync);
  return configs.flatMap(config => runScript(typescript6, ['-p', config]));
}
