// Bundles a page as its users do: node esbuild.mjs FOLDER ENTRY OUTPUT. Warnings go to stderr.
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder = '', entry = '', output = ''] = process.argv.slice(2);
await build({
  absWorkingDir: folder,
  entryPoints: [entry],
  outfile: join(output, 'page.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  logLevel: 'warning',
});
