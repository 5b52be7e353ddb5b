import { compareReports } from '../api/reports.mjs';

export const title = 'public names and types (packages/tooling/api)';

/**
 * What the built packages show is what the committed reports say, so that a change of it is seen in review.
 *
 * @returns {readonly string[]} what is wrong
 */
export function check() {
  const differences = compareReports();
  return differences.length === 0
    ? []
    : [
        ...differences,
        'If that is meant: run `pnpm api`, look at the difference as a user would, commit it, and write a changeset (`pnpm changeset`).',
      ];
}
