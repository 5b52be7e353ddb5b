import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
const names: Record<string, readonly string[]> = {
  '.': [
    'Barrack',
    'BindingError',
    'GroupMismatchError',
    'MemoryKeyStore',
    'MetaMismatchError',
    'SignatureError',
    'Transceiver',
    'bindContent',
    'bindingOf',
    'createProtocol',
    'findMessageKey',
    'formatKeyTable',
    'formatPackage',
    'freshKeyPolicy',
    'isBound',
    'loadKeyTable',
    'oneKeyPolicy',
    'parseKeyTable',
    'parsePackage',
    'saveKeyTable',
    'unbound',
  ],
  './conformance': ['keyStoreConformance'],
};

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
}

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as Manifest;

describe('the package', () => {
  it('has these subpaths and no other', () => {
    expect(Object.keys(manifest.exports)).toEqual([...Object.keys(names), './package.json']);
  });

  it.each(Object.keys(names))('%s gives these names and no other', async path => {
    const module = (await import(`@dimp/core${path.slice(1)}`)) as object;
    expect(Object.keys(module).sort()).toEqual(names[path]);
  });
});
