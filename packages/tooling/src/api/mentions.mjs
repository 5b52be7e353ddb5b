import ts from 'typescript-6';
import { isDeclaredBy, packageOf } from './entries.mjs';

/** @import { Package } from '../workspace.mjs' */

/**
 * Collects what declarations of a package name: its own symbols, and names of other packages. What the language or
 * the platform has is left out.
 *
 * @param {Package} pack
 * @param {ts.Program} program
 * @param {readonly Package[]} workspace
 */
export function createMentions(pack, program, workspace) {
  const checker = program.getTypeChecker();
  /** @type {Set<ts.Symbol>} */
  const own = new Set();
  /** @type {Map<string, Set<string>>} */
  const borrowed = new Map();

  /**
   * The declaration that an import or export leads to.
   *
   * @param {ts.Symbol} symbol
   */
  function resolve(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  /**
   * Where this package declares a name; nowhere when it is another's.
   *
   * @param {ts.Symbol} symbol
   */
  function ownNodes(symbol) {
    return nodesOf(symbol).filter(node => isDeclaredBy(node.getSourceFile().fileName, pack));
  }

  /**
   * The package that declares a name; none for what the language or the platform has.
   *
   * @param {ts.Symbol} symbol
   */
  function originOf(symbol) {
    const file = nodesOf(symbol)[0]?.getSourceFile();
    return file === undefined || program.isSourceFileDefaultLibrary(file)
      ? undefined
      : packageOf(file.fileName, workspace);
  }

  /** @param {ts.Node} node */
  function read(node) {
    const name = nameIn(node);
    const found = name === undefined ? undefined : checker.getSymbolAtLocation(name);
    if (found !== undefined) add(resolve(found));
    ts.forEachChild(node, read);
  }

  /** @param {ts.Symbol} symbol */
  function add(symbol) {
    if (symbol.flags & ts.SymbolFlags.TypeParameter) return;
    if (ownNodes(symbol).length > 0) {
      own.add(symbol);
      return;
    }
    const from = originOf(symbol);
    if (from !== undefined) borrowed.set(from, (borrowed.get(from) ?? new Set()).add(symbol.name));
  }

  return { own, borrowed, add, read, resolve, ownNodes, originOf };
}

/**
 * The declarations of a name, without what one package adds to the types of another.
 *
 * @param {ts.Symbol} symbol
 */
function nodesOf({ declarations = [] }) {
  const original = declarations.filter(
    ({ parent }) => !ts.isModuleBlock(parent) || !isForeignModule(parent.parent),
  );
  // the types of Node are declared in no other way
  return original.length > 0 ? original : declarations;
}

/**
 * `declare module '@dimp/dkd' { … }`; one for a file of the same package merges there and is shown there.
 *
 * @param {ts.Node} node
 * @returns {node is ts.ModuleDeclaration & { readonly name: ts.StringLiteral }}
 */
export function isForeignModule(node) {
  return ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name) && !node.name.text.startsWith('.');
}

/**
 * The name that a node refers to by being there: `ID` in `id: ID`, `extends Base`, `typeof list`.
 *
 * @param {ts.Node} node
 * @returns {ts.Node | undefined}
 */
function nameIn(node) {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  if (ts.isTypeQueryNode(node)) return node.exprName;
  if (ts.isImportTypeNode(node)) return node.qualifier;
  return ts.isComputedPropertyName(node) ? node.expression : undefined;
}
