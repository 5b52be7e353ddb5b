import ts from 'typescript-6';

const printer = ts.createPrinter({ removeComments: true });

/**
 * The declarations of one name as text: without comments, without the words `export` and `declare`, which every
 * declaration file repeats, and with the house's indent.
 *
 * @param {readonly ts.Node[]} nodes
 * @returns {string}
 * @throws {Error} for a kind of declaration that the packages do not have, such as a namespace
 */
export function printDeclarations(nodes) {
  return nodes.map(printOne).sort(byKind).join('\n');
}

/**
 * The members that `declare module '…' { … }` adds.
 *
 * @param {ts.ModuleDeclaration} node
 */
export function printAdded(node) {
  return node.body !== undefined && ts.isModuleBlock(node.body)
    ? printDeclarations(node.body.statements)
    : '';
}

/** @param {ts.Node} node */
function printOne(node) {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  if (
    !ts.isVariableStatement(statement) &&
    !ts.isFunctionDeclaration(statement) &&
    !ts.isClassDeclaration(statement) &&
    !ts.isInterfaceDeclaration(statement) &&
    !ts.isTypeAliasDeclaration(statement)
  ) {
    throw new Error(`${node.getSourceFile().fileName}: cannot show ${ts.SyntaxKind[node.kind]}`);
  }
  return printer
    .printNode(ts.EmitHint.Unspecified, statement, node.getSourceFile())
    .replace(/^(?:export )?(?:declare )?/, '')
    .replace(/^(?: {4})+/gm, indent => ' '.repeat(indent.length / 2));
}

/**
 * Overloads stay in their order; a value comes before the type of its name, and of parts that merge the order in which
 * the compiler met them says nothing.
 *
 * @param {string} a
 * @param {string} b
 */
function byKind(a, b) {
  if (a.startsWith('function') && b.startsWith('function')) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}
