// Bundles a page as its users do: node webpack.mjs FOLDER ENTRY OUTPUT TOOL. Warnings go to stderr.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder = '', entry = '', output = '', tool = ''] = process.argv.slice(2);
const webpack = createRequire(join(tool, 'package.json'))('webpack');
const compiler = webpack({
  mode: 'production',
  context: folder,
  entry: `./${entry}`,
  output: { path: output, filename: 'page.js' },
  // sizes are for the budgets to judge
  performance: { hints: false },
});
compiler.run((/** @type {Error | null} */ failure, /** @type {any} */ stats) => {
  const report =
    failure ?? (stats.hasErrors() || stats.hasWarnings() ? stats.toString('errors-warnings') : '');
  if (report !== '') console.error(String(report));
  process.exitCode = failure || stats.hasErrors() ? 1 : 0;
  compiler.close(() => undefined);
});
