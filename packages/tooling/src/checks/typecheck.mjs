import { runScript, turboScript } from '../workspace.mjs';

export const title = 'typecheck (TypeScript 7, sources and tests)';

/** Every package's tsconfig.json, read from the sources of the packages below. */
export function check() {
  return runScript(turboScript, [
    'run',
    'typecheck',
    '--output-logs=errors-only',
    '--continue=dependencies-successful',
  ]);
}
