import { run } from '../workspace.mjs';

export const title = 'build';

/** Every package builds; turbo leaves out what has not changed. */
export function check() {
  return run('turbo', ['run', 'build', '--output-logs=errors-only', '--continue=dependencies-successful']);
}
