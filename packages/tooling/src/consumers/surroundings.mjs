/**
 * The environment of a stranger's programs: nothing that npm or pnpm set for this workspace, and nothing that hides
 * warnings. Where packages come from, and npm's cache, stay as they are.
 *
 * @param {Readonly<Record<string, string | undefined>>} [from]
 * @returns {Record<string, string | undefined>}
 */
export function strangersEnvironment(from = process.env) {
  const kept = /^npm_config_(?:registry|cache|userconfig|globalconfig|\/\/)/i;
  const own =
    /^(?:npm_|pnpm_|turbo_|NODE_OPTIONS$|NODE_PATH$|NODE_NO_WARNINGS$|NODE_ENV$|INIT_CWD$|FORCE_COLOR$)/i;
  const entries = Object.entries(from).filter(([name]) => kept.test(name) || !own.test(name));
  return { ...Object.fromEntries(entries), NO_COLOR: '1' };
}

/**
 * What npm says beyond what is expected: nothing, or lines of warning. What it says of its own settings belongs to the
 * machine.
 *
 * @param {string} output
 * @param {RegExp} [expected]
 * @returns {readonly string[]}
 */
export function findNoise(output, expected) {
  const settings = /^npm warn Unknown (?:user|env|project|global|builtin|cli) config /;
  const summary = /^(?:up to date|added \d+ packages?)(?:,.*)? in \S+$/;
  return output
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '' && !settings.test(line) && !summary.test(line) && !expected?.test(line));
}
