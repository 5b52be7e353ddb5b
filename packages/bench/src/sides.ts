import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AsymmetricAlgorithm, SymmetricAlgorithm } from '@dimp/crypto';
import { nodeAsymmetric, nodeSymmetric } from '@dimp/crypto-node';
import { bundle, extension } from './bundle.js';
import * as nodeKit from './kit.js';

/** The modules that a world is made of. */
export type Kit = typeof nodeKit;

export const sideNames = ['native', 'portable'] as const;

export type SideName = (typeof sideNames)[number];

/** One choice of cryptography, with the modules that go with it. */
export interface Side {
  readonly name: SideName;
  readonly kit: Kit;
  readonly asymmetric: readonly AsymmetricAlgorithm[];
  readonly symmetric: readonly SymmetricAlgorithm[];
}

/** `native`: this Node's modules and `node:crypto`. `portable`: what a browser without WebCrypto would run. */
export async function loadSide(name: SideName): Promise<Side> {
  if (name === 'native') {
    return { name, kit: nodeKit, asymmetric: nodeAsymmetric, symmetric: nodeSymmetric };
  }
  portableKit ??= loadPortableKit();
  const kit = await portableKit;
  return { name, kit, asymmetric: [kit.rsa, kit.ecc], symmetric: [kit.aes] };
}

let portableKit: Promise<Kit> | undefined;

async function loadPortableKit(): Promise<Kit> {
  const { text } = await bundle(`export * from './kit${extension}'`, { minify: false });
  const folder = await mkdtemp(join(tmpdir(), 'dimp-bench-'));
  try {
    const file = join(folder, 'portable-kit.mjs');
    await writeFile(file, text);
    return (await import(pathToFileURL(file).href)) as Kit;
  } finally {
    await rm(folder, { recursive: true });
  }
}
