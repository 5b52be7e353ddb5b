import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
const names: Record<string, readonly string[]> = {
  '.': [
    'Entity',
    'Group',
    'IDCache',
    'NetworkType',
    'Polylogue',
    'Robot',
    'ServiceProvider',
    'Station',
    'User',
    'anyone',
    'anywhere',
    'broadcastAddress',
    'broadcastGroup',
    'btcAddress',
    'createBtcAddress',
    'createGroup',
    'createID',
    'createMetaID',
    'createProfile',
    'createUser',
    'decryptUsable',
    'entityKind',
    'equalID',
    'everyone',
    'everywhere',
    'findFounder',
    'formatMeta',
    'formatProfile',
    'formatProperties',
    'formatSearchNumber',
    'founder',
    'generateMeta',
    'groupProfileKeys',
    'isBroadcastAddress',
    'isBroadcastID',
    'isGroupID',
    'isGroupNetwork',
    'isPending',
    'isUserID',
    'isUserNetwork',
    'isValidMeta',
    'matchMetaKey',
    'mkmMeta',
    'parseAddress',
    'parseID',
    'parseMeta',
    'parseProfile',
    'profileAvatar',
    'profileKey',
    'profileName',
    'profileTime',
    'selectEncryptionKey',
    'selectVerifyKeys',
    'signProfile',
    'unsafeRestoreMeta',
    'unsafeRestoreProfile',
    'verifyMeta',
    'verifyProfile',
    'whenReady',
    'withProperty',
    'withoutTerminal',
  ],
  './defaults': ['defaultAddresses', 'defaultMetas'],
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
    const module = (await import(`@dimp/mkm${path.slice(1)}`)) as object;
    expect(Object.keys(module).sort()).toEqual(names[path]);
  });
});
