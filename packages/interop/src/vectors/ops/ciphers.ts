import { DecryptError, DimpError, type JsonReader, type PrivateKey, UnsupportedError } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import { userOf } from '../accounts.js';
import { type CaseContext, DifferenceError, type Operation } from '../operation.js';
import { parseAnySymmetricKey } from './keys.js';

/** Encrypting, decrypting, signing and verifying. */
export const cipherOperations: readonly Operation[] = [
  {
    code: 'aes-encrypt',
    async run(input, { protocol }) {
      const key = parseAnySymmetricKey(input.value('key'), protocol);
      return { ciphertext: encodeBase64(await key.encrypt(input.bytes('plaintext'))) };
    },
  },
  {
    code: 'aes-decrypt',
    async run(input, { protocol }) {
      const key = parseAnySymmetricKey(input.value('key'), protocol);
      return { plaintext: encodeBase64(await key.decrypt(input.bytes('ciphertext'))) };
    },
  },
  {
    code: 'rsa-sign',
    async run(input, context) {
      const signature = await identityKey(input, context).sign(input.bytes('data'));
      return { signature: encodeBase64(signature) };
    },
  },
  {
    code: 'rsa-verify',
    async run(input, { accounts }) {
      const { key } = userOf(accounts, input.value('user')).meta;
      return { valid: await key.verify(input.bytes('data'), input.bytes('signature')) };
    },
  },
  {
    code: 'rsa-decrypt',
    run: async (input, context) => ({ plaintext: encodeBase64(await decrypt(input, context)) }),
  },
  {
    // an error, nothing or bytes without meaning: anything but the bytes that stand in `never`
    code: 'rsa-decrypt-wrong',
    async run(input, context) {
      const { never = null } = context.expected;
      const actual = await decryptIfPossible(input, context);
      if (actual === never)
        throw new DifferenceError({ path: 'plaintext', expected: 'anything else', actual });
      return { never };
    },
  },
  {
    code: 'rsa-capacity',
    async run(input, context) {
      const { encryption } = identityKey(input, context).publicKey;
      if (encryption === undefined) throw new UnsupportedError('encryption', 'RSA', 'the key only signs.');
      const ciphertext = await encryption.encrypt(new Uint8Array(encryption.capacity));
      return { max_plaintext: encryption.capacity, ciphertext_length: ciphertext.length };
    },
  },
];

function identityKey(input: JsonReader, { accounts }: CaseContext): PrivateKey {
  return userOf(accounts, input.value('user')).keys().metaKey;
}

async function decrypt(input: JsonReader, context: CaseContext): Promise<Uint8Array> {
  const { decryption } = identityKey(input, context);
  if (decryption === undefined) throw new DecryptError();
  return decryption.decrypt(input.bytes('ciphertext'));
}

async function decryptIfPossible(input: JsonReader, context: CaseContext): Promise<string | undefined> {
  try {
    return encodeBase64(await decrypt(input, context));
  } catch (error) {
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}
