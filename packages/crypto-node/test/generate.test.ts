import { inspect } from 'node:util';
import { exportKey } from '@dimp/crypto';
import { rsa as portableRsa } from '@dimp/crypto/rsa';
import { describe, expect, it } from '@jest/globals';
import { aes, ecc, rsa } from '../src/index.js';
import { outcome } from './kit.js';

describe('a new RSA key', () => {
  it.each([
    [1024, { bits: 1024 }],
    [2048, undefined],
    [3072, { bits: 3072 }],
  ])('has %i bits and is read by the portable code', async (bits, options) => {
    const key = await rsa.generatePrivateKey(options);
    const read = portableRsa.parsePrivateKey(exportKey(key));
    expect([key.bits, read.bits]).toEqual([bits, bits]);
    expect(read.publicKey.json).toEqual(key.publicKey.json);
    expect(Object.keys(exportKey(key))).toEqual(['algorithm', 'data', 'mode', 'padding', 'digest']);
  });

  it.each([512, 1023, 1028, 8192, Number.NaN])(
    'of %p bits is refused as by the portable code',
    async bits => {
      const refused = await outcome(() => rsa.generatePrivateKey({ bits }));
      expect(refused).toEqual({ error: 'ERR_KEY_FORMAT' });
      expect(refused).toEqual(await outcome(() => portableRsa.generatePrivateKey({ bits })));
    },
  );

  it('tells its progress from 0 to 1', async () => {
    const shares: number[] = [];
    await rsa.generatePrivateKey({ bits: 1024, onProgress: share => shares.push(share) });
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('is made while others have their turn', async () => {
    let turns = 0;
    let isWorking = true;
    const count = (): void => {
      turns++;
      if (isWorking) setImmediate(count);
    };
    setImmediate(count);
    await rsa.generatePrivateKey({ bits: 2048 });
    isWorking = false;
    expect(turns).toBeGreaterThan(10);
  });

  it('is given up when told to, before and while it is made', async () => {
    const reason = new Error('changed my mind');
    const aborted = rsa.generatePrivateKey({ signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    const controller = new AbortController();
    const work = rsa.generatePrivateKey({ bits: 4096, signal: controller.signal });
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
  });
});

describe('private halves', () => {
  it.each([rsa, ecc])('of $code are not shown', async algorithm => {
    const key = await algorithm.generatePrivateKey();
    const secret = String(exportKey(key)['data']).split('\n').at(1) ?? String(exportKey(key)['data']);
    const shown = JSON.stringify(key) + inspect(key, { showHidden: true, depth: 9 }) + String(key);
    expect(shown).not.toContain(secret);
  });

  it('of AES are not shown', async () => {
    const key = await aes.generateKey();
    const shown = JSON.stringify(key) + inspect(key, { showHidden: true, depth: 9 }) + String(key);
    expect(shown).not.toContain(exportKey(key)['data']);
    expect(JSON.stringify(key)).toBe('{"algorithm":"AES","bits":256}');
  });
});

describe('results', () => {
  it('lie in memory of their own, so that they can be handed to another thread', async () => {
    const key = await rsa.generatePrivateKey({ bits: 1024 });
    const password = await aes.generateKey();
    const sent = (await key.publicKey.encryption?.encrypt(new Uint8Array(20))) as Uint8Array;
    const signer = await ecc.generatePrivateKey();
    const results = [
      sent,
      await key.sign(sent),
      await key.decryption?.decrypt(sent),
      await signer.sign(sent),
      await password.encrypt(sent),
      await password.decrypt(await password.encrypt(sent)),
    ];
    for (const result of results) {
      expect(result).toBeInstanceOf(Uint8Array);
      expect(result).not.toBeInstanceOf(Buffer);
      expect(result?.buffer.byteLength).toBe(result?.length);
    }
  });
});
