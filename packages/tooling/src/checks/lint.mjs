import { runScript } from '../workspace.mjs';

export const title = 'lint and format (Biome)';

/** Lint rules, import order, import cycles and format of the whole workspace. */
export function check() {
  return runScript('node_modules/@biomejs/biome/bin/biome', [
    'check',
    '--error-on-warnings',
    '--max-diagnostics=100',
  ]);
}
