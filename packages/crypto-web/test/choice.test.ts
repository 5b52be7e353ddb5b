import { exportKey, type SymmetricKey } from '@dimp/crypto';
import { aes as portableAes } from '@dimp/crypto/aes';
import { afterEach, describe, expect, it } from '@jest/globals';
import { platformBytes } from '../src/aes.js';
import { aes, rsa } from '../src/index.js';
import { bytes, outcome, privateKeyOf, pump } from './kit.js';
import { removeSubtle, restoreCrypto, stubCrypto, stubSubtle, watchSubtle } from './stub-crypto.js';

afterEach(restoreCrypto);

const data = bytes(Buffer.from('hello'));
const large = new Uint8Array(platformBytes).fill(7);

/** The operations of WebCrypto that an action calls. */
async function callsOf(action: () => unknown): Promise<readonly string[]> {
  const calls: string[] = [];
  watchSubtle(calls);
  await action();
  restoreCrypto();
  return calls;
}

describe('WebCrypto', () => {
  it('signs and verifies with keys that are imported once, and cannot be taken out', async () => {
    const key = rsa.parsePrivateKey(privateKeyOf('hulk'));
    const calls = await callsOf(async () => {
      const signature = await key.sign(data);
      expect(await key.sign(data)).toEqual(signature);
      expect(await key.publicKey.verify(data, signature)).toBe(true);
      expect(await key.publicKey.verify(signature, signature)).toBe(false);
    });
    expect(calls).toEqual(['importKey', 'sign', 'sign', 'importKey', 'verify', 'verify']);
  });

  it('gets keys that it never gives back', async () => {
    const extractable: unknown[] = [];
    const { subtle } = globalThis.crypto;
    stubSubtle({
      importKey: (...args: unknown[]) => {
        extractable.push(args[3]);
        return Reflect.apply(subtle.importKey, subtle, args);
      },
      sign: subtle.sign.bind(subtle),
      encrypt: subtle.encrypt.bind(subtle),
    });
    await rsa.parsePrivateKey(privateKeyOf('hulk')).sign(data);
    await (await aes.generateKey()).encrypt(large);
    expect(extractable).toEqual([false, false]);
  });

  it('is not asked for what the protocol encrypts by RSA', async () => {
    const key = rsa.parsePrivateKey(privateKeyOf('hulk'));
    const calls = await callsOf(async () => {
      const sent = (await key.publicKey.encryption?.encrypt(data)) as Uint8Array;
      expect(await key.decryption?.decrypt(sent)).toEqual(data);
    });
    expect(calls).toEqual([]);
  });

  it('makes RSA keys', async () => {
    const calls = await callsOf(async () => {
      expect((await rsa.generatePrivateKey({ bits: 1024 })).bits).toBe(1024);
    });
    expect(calls).toEqual(['generateKey', 'exportKey']);
  });

  it('encrypts only large data by AES, with a key that is imported once', async () => {
    const key = await aes.generateKey();
    expect(await callsOf(() => key.encrypt(large.subarray(1)))).toEqual([]);
    const calls = await callsOf(async () => {
      const sent = await key.encrypt(large);
      expect(await key.decrypt(sent)).toEqual(large);
    });
    expect(calls).toEqual(['importKey', 'encrypt', 'decrypt']);
    expect(await callsOf(() => key.encrypt(large))).toEqual(['encrypt']);
  });

  it('encrypts large chunks of streams', async () => {
    const key = await aes.generateKey();
    const calls = await callsOf(async () => {
      const twice = Uint8Array.of(...large, ...large);
      const sent = await pump(twice, large.length, key.encryptStream?.());
      expect(sent).toEqual(await key.encrypt(twice));
      expect(await pump(sent, sent.length, key.decryptStream?.())).toEqual(twice);
    });
    expect(calls).toEqual(['importKey', 'encrypt', 'encrypt', 'encrypt', 'decrypt']);
  });

  it('begins streams with the iv as it was given, though the caller writes to it since', async () => {
    const key = await aes.generateKey();
    const iv = Buffer.alloc(16, 3);
    const [encryption, decryption] = [key.encryptStream?.({ iv }), key.decryptStream?.({ iv })];
    const wanted = await key.encrypt(large, { iv: Uint8Array.from(iv) });
    iv.fill(0);
    expect(await pump(large, large.length, encryption)).toEqual(wanted);
    expect(await pump(wanted, wanted.length, decryption)).toEqual(large);
  });

  it('is told its bytes in memory of their own', async () => {
    const key = await aes.generateKey();
    const shared = new Uint8Array(new SharedArrayBuffer(platformBytes)).fill(7);
    expect(await key.encrypt(shared)).toEqual(await key.encrypt(large));
  });

  it('may refuse a key: portable code does its work then', async () => {
    const refusal = new DOMException('192-bit AES keys are not supported', 'OperationError');
    stubSubtle({ importKey: () => Promise.reject(refusal) });
    const key = aes.parseKey({ algorithm: 'AES', data: Buffer.alloc(24, 1).toString('base64') });
    const portable: SymmetricKey = portableAes.parseKey(exportKey(key));
    expect(await key.encrypt(large)).toEqual(await portable.encrypt(large));
    const signer = rsa.parsePrivateKey(privateKeyOf('hulk'));
    expect(await signer.publicKey.verify(data, await signer.sign(data))).toBe(true);
  });
});

describe('a platform', () => {
  const refusal = new DOMException('not of 1032 bits', 'NotSupportedError');
  const stubGenerateKey = (generateKey: () => Promise<unknown>) =>
    stubSubtle({ generateKey } as unknown as Partial<SubtleCrypto>);

  it.each<[string, () => Promise<unknown>]>([
    ['throws', () => Promise.reject(refusal)],
    ['gives something else', async () => ({ privateKey: {} })],
  ])('that %s when asked for RSA keys leaves them to portable code', async (_, generateKey) => {
    stubGenerateKey(generateKey);
    const shares: number[] = [];
    const key = await rsa.generatePrivateKey({ bits: 1032, onProgress: share => shares.push(share) });
    restoreCrypto();
    expect(key.bits).toBe(1032);
    expect(await key.publicKey.verify(data, await key.sign(data))).toBe(true);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('that makes no RSA keys leaves them to code that stops when told to', async () => {
    stubGenerateKey(() => Promise.reject(refusal));
    const reason = new Error('changed my mind');
    const controller = new AbortController();
    let checks = 0;
    // the first is before the platform is asked, the second before portable code begins
    const throwIfAborted = () => {
      if (++checks === 4) controller.abort(reason);
      AbortSignal.prototype.throwIfAborted.call(controller.signal);
    };
    const signal = Object.assign(controller.signal, { throwIfAborted });
    await expect(rsa.generatePrivateKey({ bits: 4096, signal })).rejects.toBe(reason);
    expect(checks).toBe(4);
  });
});

describe('whether there is WebCrypto is asked at every call', () => {
  it('for a key that was made without', async () => {
    removeSubtle();
    const key = await rsa.generatePrivateKey({ bits: 1024 });
    const signature = await key.sign(data);
    expect(await key.publicKey.verify(data, signature)).toBe(true);
    expect(await callsOf(() => key.sign(data))).toEqual(['importKey', 'sign']);
    removeSubtle();
    expect(await key.sign(data)).toEqual(signature);
  });

  it('and where there is not even crypto, what needs no randomness works', async () => {
    stubCrypto(undefined);
    const key = rsa.parsePrivateKey(privateKeyOf('hulk'));
    expect(await key.publicKey.verify(data, new Uint8Array(128))).toBe(false);
  });
});

describe('the making of an RSA key', () => {
  const reason = new Error('changed my mind');

  it.each(['with', 'without'])('%s crypto.subtle tells progress and stops when told to', async mode => {
    if (mode === 'without') removeSubtle();
    const shares: number[] = [];
    await rsa.generatePrivateKey({ bits: 1024, onProgress: share => shares.push(share) });
    expect(shares.length).toBeGreaterThan(1);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const controller = new AbortController();
    const work = rsa.generatePrivateKey({ bits: 4096, signal: controller.signal });
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
    expect(await outcome(() => rsa.generatePrivateKey({ bits: 512 }))).toEqual({ error: 'ERR_KEY_FORMAT' });
  });
});
