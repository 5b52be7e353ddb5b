/** @import { Surface } from './surface.mjs' */

/**
 * The surface of a package as a page for a reviewer: the same surface gives the same text.
 *
 * @param {Surface} surface
 * @returns {string}
 */
export function formatReport({ name, commands, entries, hidden, added, borrowed }) {
  const parts = [
    ...entries,
    ...(hidden.length === 0 ? [] : [{ title: 'Types without a public name', shown: hidden }]),
    ...added.map(({ title, shown }) => ({ title: `Added to ${title}`, shown })),
  ];
  return [
    `# ${name}`,
    'Its public names and types, written by `pnpm api`. A change here is a change for users: it wants a changeset.',
    ...(commands.length === 0 ? [] : ['## Commands', formatList(commands.map(command => `\`${command}\``))]),
    ...parts.flatMap(({ title, shown }) => [
      `## ${title}`,
      ...(shown.length === 0 ? [] : [`\`\`\`ts\n${shown.map(({ text }) => text).join('\n\n')}\n\`\`\``]),
    ]),
    ...(borrowed.length === 0
      ? []
      : [
          '## Names of other packages',
          formatList(borrowed.map(({ title, names }) => `\`${title}\`: ${names.join(', ')}`)),
        ]),
  ]
    .join('\n\n')
    .concat('\n');
}

/** @param {readonly string[]} lines */
function formatList(lines) {
  return lines.map(line => `- ${line}`).join('\n');
}

/**
 * What a package's report and its surface as built differ in, for people: one line, or none when they are the same.
 *
 * @param {string | undefined} committed the text of the report, if there is one
 * @param {Surface} surface
 * @returns {string[]}
 */
export function compareReport(committed, surface) {
  const built = formatReport(surface);
  if (committed === undefined) return [`${surface.name} has no report yet`];
  // Git on Windows may have written the ends of lines its own way
  if (committed.replaceAll('\r\n', '\n') === built) return [];
  const before = readReport(committed);
  const after = readReport(built);
  const differences = [
    ...list(
      'added',
      [...after.keys()].filter(name => !before.has(name)),
    ),
    ...list(
      'removed',
      [...before.keys()].filter(name => !after.has(name)),
    ),
    ...list(
      'changed',
      [...after.keys()].filter(name => before.has(name) && before.get(name) !== after.get(name)),
    ),
  ];
  return [`${surface.name}: ${differences.length === 0 ? 'its report was edited' : differences.join('; ')}`];
}

/**
 * @param {string} what
 * @param {readonly string[]} names
 */
function list(what, names) {
  return names.length === 0 ? [] : [`${what} ${names.join(', ')}`];
}

/**
 * The declarations of a report by name, those of subpaths as `aes › AesKey`.
 *
 * @param {string} text
 * @returns {Map<string, string>}
 */
function readReport(text) {
  const lines = text.replaceAll('\r\n', '\n');
  const [, own = ''] = /^# (\S+)/.exec(lines) ?? [];
  const found = new Map();
  for (const part of lines.split(/^## /m).slice(1)) {
    const [title = '', ...rest] = part.split('\n');
    const place = title === own ? '' : `${title.replace(`${own}/`, '')} › `;
    // the printer leaves no blank line inside a declaration
    for (const declaration of rest
      .join('\n')
      .replace(/^```.*$/gm, '')
      .split(/\n\n|\n(?=- )/)) {
      const name = nameOf(declaration.trim());
      if (name !== undefined) found.set(place + name, declaration.trim());
    }
  }
  return found;
}

/** @param {string} declaration */
function nameOf(declaration) {
  const [, declared, exported, listed] =
    /^(?:(?:abstract )?(?:class|const|function|interface|let|type) ([\w$]+)|export \{ (?:[\w$]+ as )?([\w$]+) \}|- `([^`]+)`)/.exec(
      declaration,
    ) ?? [];
  return declared ?? exported ?? listed;
}
