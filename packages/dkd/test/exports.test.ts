import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
const names: Record<string, readonly string[]> = {
  '.': [
    'ContentType',
    'audioContent',
    'commandContent',
    'commandMembers',
    'commandProfile',
    'createAudio',
    'createFile',
    'createForward',
    'createGroupCommand',
    'createHead',
    'createImage',
    'createInstantMessage',
    'createMetaCommand',
    'createMoney',
    'createPage',
    'createProfileCommand',
    'createProfileQuery',
    'createQuote',
    'createText',
    'createVideo',
    'decryptData',
    'decryptMessage',
    'defineCommands',
    'encryptMessage',
    'encryptedKeyFor',
    'expelCommand',
    'fileContent',
    'fileExtension',
    'formatContent',
    'formatEnvelope',
    'formatInstantMessage',
    'formatReliableMessage',
    'formatSecureMessage',
    'forwardContent',
    'historyContent',
    'imageContent',
    'inviteCommand',
    'isBroadcast',
    'isBroadcastInstant',
    'isCommand',
    'isFileContent',
    'isGroupCommand',
    'joinCommand',
    'metaCommand',
    'moneyContent',
    'overtGroup',
    'pageContent',
    'parseContent',
    'parseEnvelope',
    'parseInstantMessage',
    'parseReliableMessage',
    'parseSecureMessage',
    'profileCommand',
    'queryCommand',
    'quitCommand',
    'quoteContent',
    'randomSerialNumber',
    'readDecrypted',
    'resetCommand',
    'signMessage',
    'splitMessage',
    'textContent',
    'trimMessage',
    'verifyMessage',
    'videoContent',
    'withFileData',
  ],
  './defaults': ['defaultCommands', 'defaultContents'],
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
    const module = (await import(`@dimp/dkd${path.slice(1)}`)) as object;
    expect(Object.keys(module).sort()).toEqual(names[path]);
  });
});
