import { join } from 'node:path';
import { nodeAsymmetric, nodeSymmetric } from '@dimp/crypto-node';
import { webAsymmetric, webSymmetric } from '@dimp/crypto-web';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { defaultProtocol, defaults } from '../src/index.js';
import { platform as web } from '../src/platform/web.js';

/** The sources that a bundler for a platform puts into an application of `defaultProtocol`. */
async function sources(platform: 'browser' | 'node' | 'neutral'): Promise<string> {
  const { metafile, outputFiles } = await build({
    stdin: {
      contents: "import { defaultProtocol } from '@dimp/sdk'; console.log(defaultProtocol())",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    platform,
    target: 'es2022',
    conditions: ['@dimp/source'],
    metafile: true,
    write: false,
    absWorkingDir: join(import.meta.dirname, '../..'),
  });
  const text = outputFiles[0]?.text ?? '';
  const { inputs = {} } = Object.values(metafile.outputs)[0] ?? {};
  const used = Object.keys(inputs).filter(path => (inputs[path]?.bytesInOutput ?? 0) > 0);
  return [...used, ...(text.includes('node:crypto') ? ['node:crypto'] : [])].join('\n');
}

describe('the crypto of the defaults', () => {
  it('is the native one in Node', () => {
    expect(defaults().asymmetric).toBe(nodeAsymmetric);
    expect(defaults().symmetric).toBe(nodeSymmetric);
    expect([...defaultProtocol().asymmetric]).toEqual(nodeAsymmetric);
  });

  it('is WebCrypto in browsers, and nothing of Node comes along', async () => {
    expect(web).toEqual({ asymmetric: webAsymmetric, symmetric: webSymmetric });
    const browser = await sources('browser');
    expect(browser).toContain('crypto-web/src/rsa.ts');
    expect(browser).not.toMatch(/crypto-node|-node\.ts|node:crypto/);
  });

  it('is portable code where the platform is neither', async () => {
    const neutral = await sources('neutral');
    expect(neutral).toContain('crypto/src/defaults.ts');
    expect(neutral).not.toMatch(/crypto-web|crypto-node|-node\.ts|node:crypto/);
  });

  it('stays out of bundles for Node when it is that of browsers', async () => {
    const node = await sources('node');
    expect(node).toContain('crypto-node/src/rsa.ts');
    expect(node).not.toMatch(/crypto-web|crypto\/src\/defaults/);
  });
});
