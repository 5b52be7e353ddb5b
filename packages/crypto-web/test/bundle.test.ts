import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

/** A page's script as a browser loads it: bundled, minified; `size` is that of its compressed bytes. */
async function bundle(code: string): Promise<{ readonly text: string; readonly size: number }> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@dimp/source'],
    write: false,
    logOverride: { 'ignored-bare-import': 'silent' },
    absWorkingDir: join(import.meta.dirname, '..'),
  });
  const [file] = outputFiles;
  return { text: file?.text ?? '', size: gzipSync(file?.contents ?? '').length };
}

describe('an application carries', () => {
  it('at most 2 KiB more than with portable code alone', async () => {
    const web = await bundle(
      "import { webAsymmetric, webSymmetric } from '@dimp/crypto-web'; console.log(webAsymmetric, webSymmetric)",
    );
    const portable = await bundle(
      "import { defaultAsymmetric, defaultSymmetric } from '@dimp/crypto/defaults'; console.log(defaultAsymmetric, defaultSymmetric)",
    );
    expect(web.text).toContain('RSASSA-PKCS1-v1_5');
    expect(web.size - portable.size).toBeGreaterThan(500);
    expect(web.size - portable.size).toBeLessThan(2048);
    expect(web.text.includes('Buffer.from')).toBe(false);
  });

  it('with rsa alone nothing of AES and ECC', async () => {
    const { text } = await bundle("import { rsa } from '@dimp/crypto-web/rsa'; console.log(rsa)");
    expect(text).not.toMatch(/AES|secp256k1/i);
  });

  it('with an import that is not used nothing at all', async () => {
    const { text } = await bundle("import '@dimp/crypto-web'; import '@dimp/crypto-web/aes'");
    expect(text.trim()).toBe('');
  });
});
