import { runScript } from '../workspace.mjs';

export const title = 'typecheck (TypeScript 6, sources and tests)';

/** The script of the compiler that many users still have, below the root. */
export const typescript6 = 'packages/tooling/node_modules/typescript-6/bin/tsc';

/** It must read the same sources, all packages in one program. */
export function check() {
  return runScript(typescript6, ['-p', 'packages/tooling/tsconfig.typescript-6.json']);
}
