// Bundles a page as its users do: node vite.mjs FOLDER ENTRY OUTPUT TOOL. Warnings go to stderr.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder = '', entry = '', output = '', tool = ''] = process.argv.slice(2);
const manifest = createRequire(join(tool, 'package.json')).resolve('vite/package.json');
const { build } = await import(pathToFileURL(join(dirname(manifest), 'dist/node/index.js')).href);
await build({
  root: folder,
  configFile: false,
  logLevel: 'warn',
  build: {
    outDir: output,
    rollupOptions: { input: join(folder, entry), output: { entryFileNames: 'page.js' } },
    modulePreload: false,
  },
});
