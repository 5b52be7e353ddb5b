import {
  type JsonReader,
  type PrivateKey,
  type PublicKey,
  parsePrivateKey,
  parsePublicKey,
  parseSymmetricKey,
  type SymmetricKey,
  UnsupportedError,
} from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import type { AgentContext, AgentOperation } from '../operation.js';

/** Keys at work. Bytes are base64. */
export const cryptoOperations: readonly AgentOperation[] = [
  {
    code: 'rsa_sign',
    run: async (args, context) => encodeBase64(await privateKey(args, context).sign(args.bytes('data'))),
  },
  {
    code: 'rsa_verify',
    run: (args, context) => publicKey(args, context).verify(args.bytes('data'), args.bytes('signature')),
  },
  {
    code: 'rsa_encrypt',
    async run(args, context) {
      const { algorithm, encryption } = publicKey(args, context);
      if (encryption === undefined)
        throw new UnsupportedError('encryption', algorithm, 'the key only signs.');
      return encodeBase64(await encryption.encrypt(args.bytes('data')));
    },
  },
  {
    code: 'rsa_decrypt',
    async run(args, context) {
      const { algorithm, decryption } = privateKey(args, context);
      if (decryption === undefined)
        throw new UnsupportedError('decryption', algorithm, 'the key only signs.');
      return encodeBase64(await decryption.decrypt(args.bytes('data')));
    },
  },
  {
    code: 'aes_encrypt',
    run: async (args, context) => encodeBase64(await symmetricKey(args, context).encrypt(args.bytes('data'))),
  },
  {
    code: 'aes_decrypt',
    run: async (args, context) => encodeBase64(await symmetricKey(args, context).decrypt(args.bytes('data'))),
  },
];

function privateKey(args: JsonReader, { session }: AgentContext): PrivateKey {
  return parsePrivateKey(args.value('private_key'), session.protocol, args.at('private_key'));
}

function publicKey(args: JsonReader, { session }: AgentContext): PublicKey {
  return parsePublicKey(args.value('public_key'), session.protocol, args.at('public_key'));
}

function symmetricKey(args: JsonReader, { session }: AgentContext): SymmetricKey {
  return parseSymmetricKey(args.value('key'), session.protocol, args.at('key'));
}
