import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
const names: Record<string, readonly string[]> = {
  '.': [
    'DecryptError',
    'DimpError',
    'JsonReader',
    'KeyFormatError',
    'LimitError',
    'NotFoundError',
    'ParseError',
    'UnsupportedError',
    'UsageError',
    'checkJson',
    'concatBytes',
    'createRegistry',
    'describeJson',
    'equalBytes',
    'exportKey',
    'exportSecret',
    'formatJson',
    'isJsonObject',
    'limits',
    'parseJson',
    'parseJsonObject',
    'parsePrivateKey',
    'parsePublicKey',
    'parseSymmetricKey',
    'randomBytes',
    'unsafeMarkVerified',
  ],
  './format': [
    'decodeBase58',
    'decodeBase64',
    'decodeHex',
    'decodeUtf8',
    'encodeBase58',
    'encodeBase64',
    'encodeHex',
    'encodeUtf8',
  ],
  './digest': ['keccak256', 'md5', 'ripemd160', 'sha1', 'sha256'],
  './check-arguments': [
    'checkBytes',
    'checkNumber',
    'checkText',
    'describeArgument',
    'hasMember',
    'mistaken',
  ],
  './match': ['equalPublicKey', 'equalSymmetricKey', 'matchKeys'],
  './next-turn': ['nextTurn'],
  './aes': [
    'aes',
    'cbcStream',
    'checkAesKey',
    'checkIv',
    'createAesKey',
    'formatAesKey',
    'isIv',
    'padBlocks',
    'readAesKey',
    'unpaddedLength',
  ],
  './ecc': ['createEccPrivateKey', 'createEccPublicKey', 'ecc', 'readPoint', 'readSecret'],
  './ecc-keys': [
    'checkBits',
    'formatKey',
    'materialOf',
    'pointOf',
    'randomSecret',
    'readPoint',
    'readSecret',
  ],
  './rsa': [
    'checkConsistent',
    'checkModulusBits',
    'checkPublicNumbers',
    'createRsaPrivateKey',
    'createRsaPublicKey',
    'decodeKey',
    'encodePrivateKey',
    'encodePublicKey',
    'formatPrivateKey',
    'formatPublicKey',
    'generateOutside',
    'padMessage',
    'parsePrivateNumbers',
    'parsePublicNumbers',
    'rejectionSecret',
    'rsa',
    'unpadMessage',
  ],
  './plain': ['plain', 'plainKey'],
  './defaults': ['defaultAsymmetric', 'defaultSymmetric'],
  './conformance': [
    'aesVectors',
    'eccVectors',
    'encryptionConformance',
    'keyFormatConformance',
    'rsaVectors',
    'signatureConformance',
    'symmetricConformance',
  ],
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
    const module = (await import(`@dimp/crypto${path.slice(1)}`)) as object;
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
