// Writes packages/tooling/api: what each public package shows to the world. `verify` compares it.
//
//   node packages/tooling/src/api.mjs     a package that does not build keeps its report, and the exit code is 1
import { writeReports } from './api/reports.mjs';
import { build } from './build.mjs';
import { listPublicPackages } from './workspace.mjs';

/** @import { Package } from './workspace.mjs' */

const everything = listPublicPackages();
const allBuilt = (await build(everything.map(({ dir }) => dir))).length === 0;
/** @type {Package[]} */
const built = allBuilt ? everything : [];
if (!allBuilt) {
  for (const pack of everything) {
    const problems = await build([pack.dir]);
    if (problems.length === 0) built.push(pack);
    else console.error(`${pack.manifest.name} does not build and keeps its report: ${firstLine(problems)}`);
  }
}
const changes = writeReports(built);
for (const change of changes) console.log(change);
console.log(
  changes.length === 0
    ? 'packages/tooling/api: nothing changed'
    : 'packages/tooling/api: look at the difference, and tell users in a changeset (pnpm changeset)',
);
process.exitCode = built.length === everything.length ? 0 : 1;

/** @param {readonly string[]} problems */
function firstLine(problems) {
  return problems.join('\n').split('\n')[0];
}
