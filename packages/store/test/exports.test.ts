import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
const names: Record<string, readonly string[]> = {
  '.': [
    'BackupError',
    'BackupErrorCode',
    'DamagedRecordError',
    'LockedError',
    'NewerBackupError',
    'NewerSchemaError',
    'StoreError',
    'StoreErrorCode',
    'conversationsPart',
    'exportAccount',
    'importAccount',
    'openStore',
    'repairStore',
  ],
  './folder': ['LockedError', 'StoreError', 'StoreErrorCode', 'makeFolder', 'openFolder', 'repairFolder'],
  './synced': ['StoreError', 'StoreErrorCode', 'SyncedDatabase'],
  './memory': ['createMemoryDatabase'],
  './sealer': ['createSealer'],
};

interface Manifest {
  readonly imports: Record<string, Record<string, Record<string, string>>>;
  readonly exports: Record<string, string | Record<string, string>>;
  readonly publishConfig: {
    readonly imports: Record<string, Record<string, string>>;
    readonly exports: Record<string, string | Record<string, string>>;
  };
}

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as Manifest;

describe('the package', () => {
  it('has these subpaths and no other', () => {
    expect(Object.keys(manifest.exports)).toEqual([...Object.keys(names), './package.json']);
  });

  it.each(Object.keys(names))('%s gives these names and no other', async path => {
    const module = (await import(`@dimp/store${path.slice(1)}`)) as object;
    expect(Object.keys(module).sort()).toEqual(names[path]);
  });

  it('publishes the same choice of platform code', () => {
    for (const [name, platforms] of Object.entries(manifest.imports)) {
      const wanted = Object.entries(platforms).map(([platform, target]) => [platform, target['default']]);
      expect(manifest.publishConfig.imports[name]).toEqual(Object.fromEntries(wanted));
    }
    expect(Object.keys(manifest.publishConfig.imports)).toEqual(Object.keys(manifest.imports));
  });
});
