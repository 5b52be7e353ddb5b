import { DecryptError, type PublicKey } from '@dimp/crypto';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import { type ReliableMessage, signMessage } from '@dimp/dkd';
import { describe, expect, it } from '@jest/globals';
import { codeOf, flip, instant, machine, open, privateKey, publicKey, send } from './kit.js';

const personal = await send(machine('hulk'), instant('hulk', 'moki'));

/** The message with another encrypted key. */
async function withKey(plaintext: string, to: PublicKey = publicKey('moki')): Promise<ReliableMessage> {
  const bytes = await to.encryption?.encrypt(encodeUtf8(plaintext));
  return { ...personal, encryptedKey: encodeBase64(bytes as Uint8Array) };
}

/** The message with other data, signed by its sender once more. */
async function withData(data: Uint8Array): Promise<ReliableMessage> {
  return signMessage({ ...personal, data }, privateKey('hulk'));
}

describe('one DecryptError for every cause', () => {
  const { message: text } = new DecryptError();
  const cases: Record<string, () => Promise<ReliableMessage>> = {
    'key for somebody else': () => withKey(JSON.stringify({ algorithm: 'AES' }), publicKey('anna')),
    'wrong key bytes': async () => ({ ...personal, encryptedKey: encodeBase64(new Uint8Array(128).fill(1)) }),
    'key as large as the modulus': async () => ({
      ...personal,
      encryptedKey: encodeBase64(new Uint8Array(128).fill(255)),
    }),
    'cut key': async () => ({ ...personal, encryptedKey: encodeBase64(new Uint8Array(127)) }),
    'empty key': async () => ({ ...personal, encryptedKey: '' }),
    'key that is no JSON': () => withKey('no JSON'),
    'key that is empty text': () => withKey(''),
    'key that is a list': () => withKey('[]'),
    'key without algorithm': () => withKey('{"data":"AAAA"}'),
    'unknown algorithm': () => withKey('{"algorithm":"DES","data":"AAAA"}'),
    'PLAIN as message key': () => withKey('{"algorithm":"PLAIN"}'),
    'AES key that is too short': () => withKey('{"algorithm":"AES","data":"AAAA"}'),
    'AES key with a bad iv': () => withKey(`{"algorithm":"AES","data":"${'A'.repeat(43)}=","iv":"AAAA"}`),
    'another message key': () => withKey(`{"algorithm":"AES","data":"${'A'.repeat(43)}="}`),
    'data altered, signed by its sender': () => withData(flip(personal.data, 3)),
    'bad padding': () => withData(flip(personal.data, personal.data.length * 8 - 17)),
    'data cut to whole blocks': () => withData(personal.data.subarray(0, 16)),
    'data cut': () => withData(personal.data.subarray(1)),
    'empty data': () => withData(new Uint8Array(0)),
  };

  it.each(Object.keys(cases))('%s', async name => {
    const message = await cases[name]?.();
    const error: unknown = await open(machine('moki'), message as ReliableMessage, 'moki').catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'ERR_DECRYPT', message: text });
    expect((error as Error).cause).toBeUndefined();
  });

  it('refuses every byte of the wrapped key with one bit turned over', async () => {
    const wrapped = Uint8Array.from(Buffer.from(personal.encryptedKey ?? '', 'base64'));
    const moki = machine('moki');
    const taken: number[] = [];
    for (let byte = 0; byte < wrapped.length; byte++) {
      const encryptedKey = encodeBase64(flip(wrapped, byte * 8 + ((byte * 3) % 8)));
      if ((await codeOf(open(moki, { ...personal, encryptedKey }, 'moki'))) !== 'ERR_DECRYPT')
        taken.push(byte);
    }
    expect(wrapped).toHaveLength(128);
    expect(taken).toEqual([]);
  });

  it('never gives the content of altered data, whatever bit', async () => {
    const codes = new Set<string | undefined>();
    const moki = machine('moki');
    for (let bit = 0; bit < personal.data.length * 8; bit += 5) {
      codes.add(await codeOf(open(moki, await withData(flip(personal.data, bit)), 'moki')));
    }
    // a bit that turned over in the right place may leave JSON behind; the binding or the content then fails
    const known = ['ERR_DECRYPT', 'ERR_BINDING', 'ERR_PARSE'];
    expect([...codes].filter(code => !known.includes(String(code)))).toEqual([]);
  });

  it('but text that is no base64 is malformed for everybody to see', async () => {
    expect(await codeOf(open(machine('moki'), { ...personal, encryptedKey: '?' }, 'moki'))).toBe('ERR_PARSE');
  });
});
