import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

interface Bundle {
  readonly text: string;
  /** Bytes as a browser loads them: minified and compressed. */
  readonly size: number;
  /** Sources that something of is left in the bundle, by path inside `src`; other packages by name. */
  readonly inputs: readonly string[];
}

/** Bundles one import from a page that uses everything it imports. */
async function bundle(code: string): Promise<Bundle> {
  const result = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@dimp/source'],
    metafile: true,
    write: false,
    logOverride: { 'ignored-bare-import': 'silent' },
    outfile: 'page.js',
    absWorkingDir: join(import.meta.dirname, '..'),
  });
  const [file] = result.outputFiles;
  const { inputs = {} } = result.metafile.outputs['page.js'] ?? {};
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    text: file?.text ?? '',
    size: gzipSync(file?.contents ?? '').length,
    inputs: used.map(([path]) =>
      path.replace(/^src\//, '').replace(/^.*node_modules\/((@[^/]+\/)?[^/]+).*$/, '$1'),
    ),
  };
}

/** Folders of algorithms that are in a bundle. */
function algorithms({ inputs }: Bundle): string[] {
  const folders = inputs
    .filter(path => /^(aes|ecc|rsa|plain|digest)\//.test(path))
    .map(path => path.split('/')[0] as string);
  return [...new Set(folders)].sort();
}

function packages({ inputs }: Bundle): string[] {
  return [...new Set(inputs.filter(path => /^(@noble\/|bs58|base-x)/.test(path)))].sort();
}

describe('an application carries', () => {
  it('with the root import no algorithm, and less than 3 KiB', async () => {
    const root = await bundle("export * from '@dimp/crypto'");
    expect(root.size).toBeGreaterThan(500);
    expect(root.size).toBeLessThan(3 * 1024);
    expect(root.text).toContain('ERR_DECRYPT');
    expect(root.text).not.toMatch(/PKCS|secp256k1|BEGIN |AES/);
    expect(algorithms(root)).toEqual([]);
    expect(packages(root)).toEqual([]);
  });

  it.each([
    ['aes', ['aes'], ['@noble/ciphers']],
    ['ecc', ['ecc'], ['@noble/curves', '@noble/hashes']],
    ['plain', ['plain'], []],
  ])('with %s nothing of the others', async (name, folders, libraries) => {
    const one = await bundle(`import { ${name} } from '@dimp/crypto/${name}'; console.log(${name})`);
    expect(algorithms(one)).toEqual(folders);
    expect(packages(one)).toEqual(libraries);
  });

  it('with rsa no other algorithm', async () => {
    const one = await bundle("import { rsa } from '@dimp/crypto/rsa'; console.log(rsa)");
    expect(algorithms(one).filter(folder => folder !== 'digest')).toEqual(['rsa']);
    expect(packages(one).filter(name => name !== '@noble/hashes')).toEqual([]);
  });

  it('with one digest only that', async () => {
    const one = await bundle("import { sha256 } from '@dimp/crypto/digest'; console.log(sha256)");
    expect(one.inputs.filter(path => path.startsWith('digest/'))).toEqual([
      'digest/sha256-portable.ts',
      'digest/sha256.ts',
    ]);
  });

  it('with an import that is not used nothing at all', async () => {
    const none = await bundle(
      "import '@dimp/crypto/defaults'; import '@dimp/crypto/conformance'; import '@dimp/crypto'",
    );
    expect(none.text.trim()).toBe('');
  });

  it('in a browser the portable base64 and none of Node', async () => {
    const page = await bundle(
      "import { encodeBase64 } from '@dimp/crypto/format'; console.log(encodeBase64)",
    );
    expect(page.inputs).toContain('format/base64-portable.ts');
    expect(page.inputs).not.toContain('format/base64-node.ts');
    expect(page.text).not.toContain('Buffer');
  });
});
