// Bundles the programs that tests start, once a run and from the sources, so that nothing has to be built before.
import { join } from 'node:path';
import { build } from 'esbuild';

const packageFolder = join(import.meta.dirname, '../..');

export default async function buildPrograms() {
  // where the native module is found from
  const folder = join(packageFolder, `node_modules/.programs-${process.pid}`);
  await build({
    entryPoints: ['station', 'writer', 'reader'].map(name => join(import.meta.dirname, `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@dimp/source'],
    external: ['classic-level'],
    // packages of the old kind ask for Node's modules by it
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  process.env['E2E_PROGRAMS'] = folder;
}
