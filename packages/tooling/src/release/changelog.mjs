// What changesets writes into a CHANGELOG.md; named in .changeset/config.json.

/** @typedef {{ readonly summary: string, readonly commit?: string | undefined }} Change */
/** @typedef {{ readonly name: string, readonly newVersion: string }} Update */

/**
 * A line for a change: the text first, as that is what a user reads, and behind it the commit.
 *
 * @param {Change} change
 * @returns {Promise<string>}
 */
export async function getReleaseLine({ summary, commit }) {
  const [first = '', ...rest] = summary.trim().split('\n');
  const origin = commit === undefined ? '' : ` (${commit.slice(0, 7)})`;
  return [`- ${first}${origin}`, ...rest.map(line => (line === '' ? '' : `  ${line}`))].join('\n');
}

/**
 * One line for all packages beneath that are new, whatever number of changes they had.
 *
 * @param {readonly Change[]} _changes
 * @param {readonly Update[]} updates
 * @returns {Promise<string>}
 */
export async function getDependencyReleaseLine(_changes, updates) {
  if (updates.length === 0) return '';
  const needed = updates
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, newVersion }) => `\`${name}\` ${newVersion}`);
  return `- Needs ${needed.join(', ')}.`;
}
