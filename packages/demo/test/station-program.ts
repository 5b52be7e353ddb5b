import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The station's program, bundled from the sources, so that nothing has to be built before. */
export interface StationProgram {
  readonly program: string;
  remove(): Promise<void>;
}

export async function buildStation(): Promise<StationProgram> {
  const packageFolder = join(import.meta.dirname, '..');
  // where the native module is found from
  const folder = join(packageFolder, `node_modules/.station-${process.pid}`);
  const program = join(folder, 'dims.mjs');
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(packageFolder, '../station/src/bin/dims.ts')],
    outfile: program,
    bundle: true,
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
  return { program, remove: () => rm(folder, { recursive: true, force: true }) };
}
