import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
const names: Record<string, readonly string[]> = {
  '.': [
    'AddressNameService',
    'Facebook',
    'GroupManager',
    'HandshakeState',
    'MemoryArchive',
    'MemoryConversations',
    'MemoryFileHost',
    'MemoryOutbox',
    'MemoryRelay',
    'MemoryReplayMemory',
    'MemoryWaitingList',
    'Messenger',
    'NotForUsError',
    'RefusedError',
    'TransportError',
    'WaitingError',
    'attachmentHandler',
    'blockCommand',
    'changeMessage',
    'conversationName',
    'createContactList',
    'createHandshake',
    'createLogin',
    'createReceipt',
    'createReport',
    'createSearch',
    'createSearchAnswer',
    'createStorage',
    'createUsersQuery',
    'defaultProcessors',
    'defaultProtocol',
    'defaults',
    'expelProcessor',
    'fileLimits',
    'formatCertificate',
    'formatProviderRecord',
    'formatStationRecord',
    'forwardProcessor',
    'foundUsers',
    'handshakeCommand',
    'handshakeState',
    'inviteProcessor',
    'loginCommand',
    'messageStates',
    'metaProcessor',
    'muteCommand',
    'openFile',
    'openStorage',
    'parseCertificate',
    'parseProviderRecord',
    'parseSearchQuery',
    'parseStationRecord',
    'profileProcessor',
    'providerKey',
    'queryProcessor',
    'quitProcessor',
    'readableText',
    'receiptCommand',
    'receiptOrigin',
    'referenceProcessors',
    'refusingProcessor',
    'registerGroup',
    'registerUser',
    'reportCommand',
    'reportedPresence',
    'reservedNames',
    'resetProcessor',
    'rotateProfileKey',
    'sealStorage',
    'searchCommand',
    'searchTerms',
    'sessionCommands',
    'silence',
    'silentProcessor',
    'stationLocation',
    'storageCommand',
    'updateProfile',
    'usersCommand',
    'verifyCertificate',
  ],
  './bare': ['BareFacebook', 'BareMessenger'],
  './conformance': [
    'archiveConformance',
    'conversationsConformance',
    'fileHostConformance',
    'outboxConformance',
    'replayMemoryConformance',
    'transportConformance',
    'waitingListConformance',
  ],
  './test-users': ['installTestUsers', 'testUsers'],
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
    const module = (await import(`@dimp/sdk${path.slice(1)}`)) as object;
    expect(Object.keys(module).sort()).toEqual(names[path]);
  });

  it('publishes the same map without the private condition', () => {
    const isPublic = ([condition]: [string, unknown]): boolean => condition !== '@dimp/source';
    const wanted = Object.entries(manifest.exports).map(([path, target]) => [
      path,
      typeof target === 'string' ? target : Object.fromEntries(Object.entries(target).filter(isPublic)),
    ]);
    expect(manifest.publishConfig.exports).toEqual(Object.fromEntries(wanted));
  });

  it('publishes the same choice of platform code', () => {
    for (const [name, platforms] of Object.entries(manifest.imports)) {
      const wanted = Object.entries(platforms).map(([platform, target]) => [platform, target['default']]);
      expect(manifest.publishConfig.imports[name]).toEqual(Object.fromEntries(wanted));
    }
    expect(Object.keys(manifest.publishConfig.imports)).toEqual(Object.keys(manifest.imports));
  });
});
