import { fc, test } from '@fast-check/jest';
import { describe, expect, it } from '@jest/globals';
import { createRsaPrivateKey, parsePrivateNumbers } from '../../src/rsa/index.js';
import { privateNumbersOf } from '../../src/rsa/numbers.js';
import { power, powerPublic, prepareExponent } from '../../src/rsa/power.js';
import { PrivateOperation } from '../../src/rsa/private-operation.js';
import { account, codeOf, seededBytes } from './kit.js';

const hulk = parsePrivateNumbers(account('hulk').private_key);
const { modulus, exponent, prime1, prime2 } = hulk;
const inputs = fc.bigInt({ min: 0n, max: modulus - 1n });

describe('private operation', () => {
  const operation = new PrivateOperation(hulk);

  test.prop([inputs])('is the power of the private exponent', input => {
    expect(operation.run(input)).toBe(power(input, prepareExponent(hulk.privateExponent), modulus));
  });

  it.each([0n, 1n, 2n, prime1, prime2, modulus - prime1, modulus - 2n, modulus - 1n])(
    'is undone by the public one at the edge %s',
    input => {
      expect(powerPublic(operation.run(input), exponent, modulus)).toBe(input);
    },
  );

  it('gives the same with fresh and with squared blinding', () => {
    let draws = 0;
    const counted = new PrivateOperation(hulk, length => {
      draws++;
      return seededBytes(draws)(length);
    });
    const results = new Set(Array.from({ length: 130 }, () => counted.run(5n)));
    expect([...results]).toEqual([operation.run(5n)]);
    // one pair for 64 uses
    expect(draws).toBe(3);
  });

  it('draws again when the blinding has no inverse', () => {
    const draws = [new Uint8Array(136), seededBytes(6)(136)];
    const unlucky = new PrivateOperation(hulk, () => draws.shift() as Uint8Array);
    expect(unlucky.run(5n)).toBe(operation.run(5n));
    expect(draws).toEqual([]);
  });

  it('works with the smaller prime first, by however much', () => {
    const long = privateNumbersOf(2n ** 521n - 1n, 2n ** 127n - 1n, 65537n);
    const swapped = {
      ...long,
      prime1: long.prime2,
      prime2: long.prime1,
      exponent1: long.exponent2,
      exponent2: long.exponent1,
      coefficient: power(long.prime1, prepareExponent(long.prime2 - 2n), long.prime2),
    };
    const [usual, unusual] = [new PrivateOperation(long), new PrivateOperation(swapped)];
    for (let input = 2n; input < 20n; input++) expect(unusual.run(input)).toBe(usual.run(input));
  });
});

describe('a fault', () => {
  it.each([
    ['exponent1', { ...hulk, exponent1: hulk.exponent1 ^ 2n }],
    ['exponent2', { ...hulk, exponent2: hulk.exponent2 ^ 2n }],
    ['coefficient', { ...hulk, coefficient: hulk.coefficient ^ 1n }],
  ])('in %s is noticed, and nothing comes out', async (_, numbers) => {
    expect(codeOf(() => new PrivateOperation(numbers).run(12345n))).toBe('ERR_RSA_FAULT');
    const key = createRsaPrivateKey(numbers);
    await expect(key.sign(new Uint8Array(3))).rejects.toMatchObject({ code: 'ERR_RSA_FAULT' });
    const ciphertext = await key.publicKey.encryption.encrypt(new Uint8Array(3));
    await expect(key.decryption.decrypt(ciphertext)).rejects.toMatchObject({ code: 'ERR_RSA_FAULT' });
  });

  it('is not carried on in the blinding', () => {
    let draws = 0;
    const operation = new PrivateOperation({ ...hulk, exponent1: hulk.exponent1 ^ 2n }, length => {
      draws++;
      return seededBytes(draws)(length);
    });
    for (let i = 0; i < 3; i++) expect(codeOf(() => operation.run(5n))).toBe('ERR_RSA_FAULT');
    expect(draws).toBe(3);
  });
});
