import { aes as portableAes } from '@dimp/crypto/aes';
import { rsa as portableRsa } from '@dimp/crypto/rsa';
import { nodeAsymmetric, nodeSymmetric } from '@dimp/crypto-node';
import { describe, expect, it } from '@jest/globals';
import { protocolOfGeneration1 } from '../src/rules.js';

describe('the protocol of generation 1', () => {
  it('has the algorithms of its driver and no others', () => {
    const portable = protocolOfGeneration1('portable');
    expect([...portable.asymmetric]).toEqual([portableRsa]);
    expect([...portable.symmetric]).toEqual([portableAes]);
    const node = protocolOfGeneration1('node');
    expect([...node.asymmetric]).toEqual([nodeAsymmetric[0]]);
    expect([...node.symmetric]).toEqual(nodeSymmetric);
    expect([...protocolOfGeneration1().asymmetric]).toEqual([portableRsa]);
  });
});
