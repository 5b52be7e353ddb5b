import { relative } from 'node:path';
import ts from 'typescript-6';
import { withSlashes } from '../platform.mjs';
import { listPublicPackages } from '../workspace.mjs';
import { isDeclaredBy, listEntries } from './entries.mjs';
import { createMentions, isForeignModule } from './mentions.mjs';
import { printAdded, printDeclarations } from './print.mjs';

/** @import { Package } from '../workspace.mjs' */

/**
 * What a package shows to the world.
 *
 * - `commands`: what it installs for the shell
 * - `entries`: each public entry with its names; a name that an earlier entry has shown is a line that says where
 * - `hidden`: types that these mention and that have no public name
 * - `added`: what the package adds to the types of others, by the module it says so for
 * - `borrowed`: the names of other packages that occur, by package
 *
 * @typedef {{
 *   readonly name: string,
 *   readonly commands: readonly string[],
 *   readonly entries: readonly Part[],
 *   readonly hidden: readonly Shown[],
 *   readonly added: readonly Part[],
 *   readonly borrowed: readonly { readonly title: string, readonly names: readonly string[] }[],
 * }} Surface
 */

/** @typedef {{ readonly title: string, readonly shown: readonly Shown[] }} Part */
/** @typedef {{ readonly name: string, readonly text: string }} Shown */

/**
 * Reads the surfaces of packages from their built declarations; of all at once, as they read each other's.
 *
 * @param {readonly Package[]} packages
 * @param {readonly Package[]} [workspace] what a name may come from
 * @returns {readonly Surface[]}
 * @throws {Error} when a declaration is not there, or is of a kind that nothing here can show
 */
export function readSurfaces(packages, workspace = listPublicPackages()) {
  const program = ts.createProgram({
    rootNames: packages.flatMap(pack => listEntries(pack).map(({ file }) => file)),
    options: {
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      skipLibCheck: true,
      types: [],
    },
  });
  return packages.map(pack => readSurface(pack, program, workspace));
}

/**
 * @param {Package} pack
 * @param {ts.Program} program
 * @param {readonly Package[]} workspace
 * @returns {Surface}
 */
function readSurface(pack, program, workspace) {
  const checker = program.getTypeChecker();
  const mentions = createMentions(pack, program, workspace);
  /** @type {Map<ts.Symbol, string>} the entry that shows a name */
  const places = new Map();

  const entries = listEntries(pack).map(({ title, file }) => {
    const source = program.getSourceFile(file);
    if (source === undefined)
      throw new Error(`${title}: ${withSlashes(relative(pack.dir, file))} is not there; build first`);
    const module = checker.getSymbolAtLocation(source);
    const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
    return { title, shown: symbols.toSorted(byName).map(symbol => show(symbol, title, mentions, places)) };
  });
  const added = program
    .getSourceFiles()
    .filter(({ fileName }) => isDeclaredBy(fileName, pack))
    .flatMap(({ statements }) => statements.filter(isForeignModule))
    .map(node => {
      mentions.read(node);
      return { name: node.name.text, text: printAdded(node) };
    });
  /** @type {Shown[]} */
  const hidden = [];
  // a set that grows while it is walked is walked to its new end
  for (const symbol of mentions.own) {
    if (places.has(symbol)) continue;
    const nodes = mentions.ownNodes(symbol);
    for (const node of nodes) mentions.read(node);
    hidden.push({ name: symbol.name, text: printDeclarations(nodes) });
  }
  return {
    name: pack.manifest.name,
    commands: Object.keys(pack.manifest.bin ?? {}).sort(),
    entries,
    hidden: hidden.toSorted(byName),
    added: groupAdded(added),
    borrowed: [...mentions.borrowed]
      .map(([title, names]) => ({ title, names: [...names].sort() }))
      .sort((a, b) => (a.title < b.title ? -1 : 1)),
  };
}

/**
 * @param {ts.Symbol} exported
 * @param {string} entry
 * @param {ReturnType<typeof createMentions>} mentions
 * @param {Map<ts.Symbol, string>} places
 * @returns {Shown}
 */
function show(exported, entry, mentions, places) {
  const { name } = exported;
  const symbol = mentions.resolve(exported);
  const nodes = mentions.ownNodes(symbol);
  const listed = symbol.name === name ? name : `${symbol.name} as ${name}`;
  const from = nodes.length === 0 ? mentions.originOf(symbol) : places.get(symbol);
  if (from !== undefined) return { name, text: `export { ${listed} } from '${from}';` };
  if (nodes.length === 0) throw new Error(`${entry}: nothing declares ${name}`);
  if (symbol.name !== name) {
    mentions.add(symbol);
    return { name, text: `export { ${listed} };` };
  }
  places.set(symbol, entry);
  for (const node of nodes) mentions.read(node);
  const text = printDeclarations(nodes);
  return { name, text: isTypeOnly(exported, nodes) ? `${text}\nexport type { ${name} };` : text };
}

/**
 * Whether a class or value is exported for its type alone.
 *
 * @param {ts.Symbol} exported
 * @param {readonly ts.Node[]} nodes
 */
function isTypeOnly(exported, nodes) {
  return (
    exported.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration) === true &&
    !nodes.every(node => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
  );
}

/**
 * @param {readonly Shown[]} added
 * @returns {readonly Part[]}
 */
function groupAdded(added) {
  const modules = [...new Set(added.map(({ name }) => name))].sort();
  return modules.map(title => ({
    title,
    shown: [
      {
        name: title,
        text: added
          .filter(({ name }) => name === title)
          .map(({ text }) => text)
          .sort()
          .join('\n'),
      },
    ],
  }));
}

/**
 * @param {{ readonly name: string }} a
 * @param {{ readonly name: string }} b
 */
function byName(a, b) {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
