import { createRegistry, exportKey, parsePrivateKey, parsePublicKey } from '@dimp/crypto';
import {
  eccVectors,
  encryptionConformance,
  keyFormatConformance,
  signatureConformance,
} from '@dimp/crypto/conformance';
import { defaultAsymmetric } from '@dimp/crypto/defaults';
import { matchKeys } from '@dimp/crypto/match';
import { afterAll, describe, expect, it } from '@jest/globals';
import { nodeAsymmetric } from '../src/index.js';
import { bytes, outcome } from './kit.js';
import { RemoteSigner } from './remote-signer/remote-signer.js';

const device = new RemoteSigner();
afterAll(() => device.close());

const { algorithm } = device;
signatureConformance({ describe, it }, { algorithm, vectors: eccVectors });
encryptionConformance({ describe, it }, { algorithm });
keyFormatConformance({ describe, it }, { algorithm });

describe('keys in another thread', () => {
  // the registry of a protocol, with this algorithm in place of ours
  const context = {
    asymmetric: createRegistry('asymmetric algorithm', nodeAsymmetric).replace(algorithm),
  };
  const data = bytes(Buffer.from('Moky loves May Lee forever!'));

  it('sign what others verify, natively and in portable code', async () => {
    const key = await context.asymmetric.get('ECC').generatePrivateKey();
    const signature = await key.sign(data);
    for (const algorithms of [nodeAsymmetric, defaultAsymmetric]) {
      const theirs = { asymmetric: createRegistry('asymmetric algorithm', algorithms) };
      const received = parsePublicKey(JSON.parse(JSON.stringify(key.publicKey.json)), theirs);
      expect(await received.verify(data, signature)).toBe(true);
      expect(await received.verify(signature, signature)).toBe(false);
      expect(await matchKeys(received, key)).toBe(true);
    }
  });

  it('are stored as a handle and work again', async () => {
    const key = await algorithm.generatePrivateKey();
    const { handle } = device.answers.at(-1) ?? {};
    const stored = { algorithm: 'ECC', handle, publicKey: key.publicKey.json['data'] };
    const again = parsePrivateKey(JSON.parse(JSON.stringify(stored)), context);
    expect(await key.publicKey.verify(data, await again.sign(data))).toBe(true);
    const lost = parsePrivateKey({ ...stored, handle: 'key of another device' }, context);
    await expect(lost.sign(data)).rejects.toThrow('The device says: Error: no key of another device');
  });

  it('are never given away', async () => {
    const key = await algorithm.generatePrivateKey();
    await key.sign(data);
    expect(await outcome(() => exportKey(key))).toEqual({ error: 'ERR_UNSUPPORTED' });
    expect(device.answers.length).toBeGreaterThan(10);
    for (const { id, handle, point, signature, problem, ...more } of device.answers) {
      expect(more).toEqual({});
      expect(id).toBeGreaterThan(0);
      if (problem !== undefined) expect(problem).toBe('Error: no key of another device');
      else if (point !== undefined)
        expect([handle?.slice(0, 4), point.length, point[0]]).toEqual(['key ', 65, 4]);
      else expect(signature?.[0]).toBe(0x30);
    }
  });

  it('leave the other algorithms as they were', async () => {
    const rsa = await context.asymmetric.get('RSA').generatePrivateKey({ bits: 1024 });
    expect(await rsa.publicKey.verify(data, await rsa.sign(data))).toBe(true);
    expect(context.asymmetric.get('SHA256withECDSA')).toBe(algorithm);
  });
});
