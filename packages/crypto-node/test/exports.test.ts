import { describe, expect, it } from '@jest/globals';

// what each subpath gives at run time; a change here is a change for users and needs a changeset
describe('the package', () => {
  it.each([
    ['', ['aes', 'ecc', 'nodeAsymmetric', 'nodeSymmetric', 'rsa']],
    ['/aes', ['aes']],
    ['/ecc', ['ecc']],
    ['/rsa', ['rsa']],
  ])('"%s" gives these names and no other', async (path, names) => {
    const module = (await import(`@dimp/crypto-node${path}`)) as object;
    expect(Object.keys(module).sort()).toEqual(names);
  });

  it('offers RSA before ECC, and not PLAIN', async () => {
    const { nodeAsymmetric, nodeSymmetric } = await import('../src/index.js');
    expect(nodeAsymmetric.map(({ code }) => code)).toEqual(['RSA', 'ECC']);
    expect(nodeSymmetric.map(({ code }) => code)).toEqual(['AES']);
  });
});
