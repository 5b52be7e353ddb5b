import { encodeUtf8 } from '@dimp/crypto/format';
import { describe, expect, it } from '@jest/globals';
import { openBackup, sealBackup } from '../src/backup-text.js';
import type { ScryptCost } from '../src/platform/platform.js';
import { cheap, codeOf } from './kit.js';

const content = encodeUtf8('content');

describe('what the passphrase of a backup costs to try', () => {
  it.each([{ N: 1024, r: 8, p: 65 }, { N: 2 ** 21, r: 8, p: 1 }, { N: 1024, r: 33, p: 1 }, {}])(
    'is refused where it is given, as nobody could read the text: %j',
    async cost => {
      expect(await codeOf(() => sealBackup(content, 'a', cost as ScryptCost))).toBe('ERR_USAGE');
    },
  );

  it.each([cheap, { N: 2, r: 32, p: 64 }])('is taken when it can be read again: %j', async cost => {
    expect(await openBackup(await sealBackup(content, 'a', cost), 'a')).toEqual(content);
  });
});
