import { describe, expect, it } from '@jest/globals';
import { createMetaID, formatMeta, generateMeta, parseMeta, verifyMeta } from '../src/index.js';
import { context, privateKey } from './kit.js';

describe('generateMeta', () => {
  it('gives the same for the same name and key, which belongs to its ID', async () => {
    const key = privateKey('anna');
    const made = await generateMeta(key, 'anna', context);
    expect(formatMeta(await generateMeta(key, 'anna', context))).toEqual(formatMeta(made));
    const own = createMetaID(made, 8, context);
    expect(await verifyMeta(parseMeta(formatMeta(made), context), own, context)).toBeDefined();
    expect(own.text).toBe('anna@4FteCgYB8ANEQVYVvVxcRC9kxmEJg72jTH');
  });

  it.each(['a@b', 'a/b', 'a\ud800', 'a b', ' a', 'a\n', 'a\u00a0b', '\u0000'])(
    'refuses the name %p',
    async name => {
      await expect(generateMeta(privateKey('anna'), name, context)).rejects.toThrow(RangeError);
    },
  );

  it('takes letters of all scripts', async () => {
    expect((await generateMeta(privateKey('anna'), '名可名', context)).seed).toBe('名可名');
  });

  it('refuses a name that is no text', async () => {
    await expect(generateMeta(privateKey('anna'), 7 as never, context)).rejects.toThrow(
      'seed: expected text, got a number.',
    );
  });

  it('refuses a version it does not know', async () => {
    await expect(generateMeta(privateKey('anna'), 'a', context, { version: 4 })).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED',
    });
  });
});
