import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
describe('the package', () => {
  it.each([
    ['', ['aes', 'rsa', 'webAsymmetric', 'webSymmetric']],
    ['/aes', ['aes', 'platformBytes']],
    ['/rsa', ['rsa']],
  ])('"%s" gives these names and no other', async (path, names) => {
    const module = (await import(`@dimp/crypto-web${path}`)) as object;
    expect(Object.keys(module).sort()).toEqual(names);
  });

  it('offers RSA before ECC, and not PLAIN', async () => {
    const { webAsymmetric, webSymmetric } = await import('../src/index.js');
    expect(webAsymmetric.map(({ code }) => code)).toEqual(['RSA', 'ECC']);
    expect(webSymmetric.map(({ code }) => code)).toEqual(['AES']);
  });
});
