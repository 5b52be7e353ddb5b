import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadPeers, type Peer, PeersError, peerPackage } from '../src/peers.js';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimp-bench-test-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function moduleOf(code: string): Promise<string> {
  const file = join(folder, `peers-${code.length}.mjs`);
  await writeFile(file, code);
  return file;
}

describe('loadPeers', () => {
  it('has none when it is told none', async () => {
    expect(await loadPeers(undefined)).toEqual([]);
    expect(await loadPeers('')).toEqual([]);
  });

  it.each(['export default', 'export const peers ='])('reads a list by %s', async start => {
    const module = await moduleOf(`${start} [{ name: 'echo', pack: text => text, unpack: pack => pack }]`);
    expect(await loadPeers(module)).toMatchObject([{ name: 'echo' }]);
  });

  it('refuses anything else', async () => {
    const module = await moduleOf(`export default [{ name: 'half', pack: text => text }]`);
    await expect(loadPeers(module)).rejects.toThrow('expected a list of { name, pack, unpack }');
    await expect(loadPeers(module)).rejects.toThrow(PeersError);
  });

  it('refuses two of one name', async () => {
    const peer = `{ name: 'echo', pack: text => text, unpack: pack => pack }`;
    const module = await moduleOf(`export default [${peer}, ${peer}]`);
    await expect(loadPeers(module)).rejects.toThrow('expected a name of its own for each');
  });

  it('names the variable and the module that cannot be imported', async () => {
    const missing = loadPeers(join(folder, 'nosuch.mjs'));
    await expect(missing).rejects.toThrow(PeersError);
    await expect(missing).rejects.toThrow(/^DIMP_BENCH_PEERS: cannot import .*nosuch\.mjs/);
    const module = await moduleOf(`throw new Error('no account')`);
    await expect(loadPeers(module)).rejects.toThrow('no account');
  });
});

describe('peerPackage', () => {
  const peer: Peer = { name: 'upper', pack: text => text.toUpperCase(), unpack: async pack => pack };

  it('gives the package of a peer that does the work', async () => {
    expect(await peerPackage(peer, 'ABC')).toBe('ABC');
  });

  it('refuses a peer whose packages come back as something else', async () => {
    await expect(peerPackage(peer, 'abc')).rejects.toThrow('upper: expected unpack to give the text');
  });
});
