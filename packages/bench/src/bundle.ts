import { dirname, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** A file of JavaScript as a page would load it. */
export interface Bundle {
  readonly text: string;
  /** Bytes, and bytes after gzip. */
  readonly size: number;
  readonly compressed: number;
}

const here = fileURLToPath(import.meta.url);

/** `.ts` when this runs from the sources, as in tests; else `.js`. */
export const extension: string = extname(here);

/**
 * Bundles code for a browser: the built packages, or their sources when this runs from sources.
 * @param code imports by name, or `./x` for a module beside this one
 */
export async function bundle(
  code: string,
  { minify = true }: { readonly minify?: boolean } = {},
): Promise<Bundle> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: dirname(here), loader: 'js' },
    bundle: true,
    minify,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: extension === '.ts' ? ['@dimp/source'] : [],
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild gave no output.');
  return { text: file.text, size: file.contents.length, compressed: gzipSync(file.contents).length };
}
