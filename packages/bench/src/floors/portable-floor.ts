import { exportKey, type JsonObject, type PrivateKey, type PublicKey } from '@dimp/crypto';
import type { Kit } from '../sides.js';
import type { World } from '../world.js';
import { type Floor, floorHead } from './floor.js';

/**
 * The floor of portable code: RSA by our own BigInt arithmetic, AES and secp256k1 of @noble. RSA keys are the
 * library's, since there is no barer form of them; they give promises.
 */
export async function createPortableFloor(world: World): Promise<Floor> {
  const { alice, bob } = world;
  const { kit } = world.side;
  const { encodeBase64, decodeBase64, encodeUtf8, decodeUtf8, cbc } = kit;
  const sign = signer(alice.signKey, kit);
  const verify = verifier(alice.meta.key, kit);

  const newMessageKey = (): MessageKey => {
    const bytes = kit.randomBytes(48);
    return { key: bytes.subarray(0, 32), iv: bytes.subarray(32) };
  };
  const keyText = ({ key, iv }: MessageKey): Uint8Array =>
    encodeUtf8(JSON.stringify({ algorithm: 'AES', data: encodeBase64(key), iv: encodeBase64(iv) }));
  const wrap = async (plain: Uint8Array, key: PublicKey): Promise<string> =>
    encodeBase64((await key.encryption?.encrypt(plain)) as Uint8Array);
  const unwrap = async (wrapped: string): Promise<MessageKey> => {
    const plain = await bob.decryptKey.decryption?.decrypt(decodeBase64(wrapped));
    const { data, iv } = JSON.parse(decodeUtf8(plain as Uint8Array));
    return { key: decodeBase64(data), iv: decodeBase64(iv) };
  };
  const opened = new Map<string, MessageKey>();
  const open = async (wrapped: string): Promise<MessageKey> => {
    const key = await unwrap(wrapped);
    opened.set(wrapped, key);
    return key;
  };
  const encrypt = (text: string, { key, iv }: MessageKey): Uint8Array =>
    cbc(key, iv).encrypt(encodeUtf8(JSON.stringify({ type: 1, sn: 1_234_567_890, text })));
  const packageOf = async (receiver: string, data: Uint8Array, keys: object): Promise<Uint8Array> => {
    const signature = encodeBase64(await sign(data));
    const body = { data: encodeBase64(data), ...keys, signature };
    return encodeUtf8(JSON.stringify({ ...floorHead(world, receiver), type: 1, ...body }));
  };
  const read = async (
    data: Uint8Array,
    keyOf: (wrapped: string) => MessageKey | Promise<MessageKey>,
  ): Promise<JsonObject> => {
    const message = JSON.parse(decodeUtf8(data));
    const body = decodeBase64(message.data);
    if (!(await verify(body, decodeBase64(message.signature)))) throw new Error('forged');
    const { key, iv } = await keyOf(message.key);
    return JSON.parse(decodeUtf8(cbc(key, iv).decrypt(body)));
  };

  const once = newMessageKey();
  const wrappedOnce = await wrap(keyText(once), bob.decryptKey.publicKey);
  return {
    async pack(text) {
      const key = newMessageKey();
      const wrapped = await wrap(keyText(key), bob.decryptKey.publicKey);
      return packageOf(bob.id.text, encrypt(text, key), { key: wrapped });
    },
    packReused: text => packageOf(bob.id.text, encrypt(text, once), { key: wrappedOnce }),
    unpack: data => read(data, unwrap),
    unpackSeen: data => read(data, wrapped => opened.get(wrapped) ?? open(wrapped)),
    groupPacker: (group, members) => async text => {
      const key = newMessageKey();
      const plain = keyText(key);
      const keys: Record<string, string> = {};
      for (const { id, decryptKey } of members) keys[id.text] = await wrap(plain, decryptKey.publicKey);
      return packageOf(group, encrypt(text, key), { keys });
    },
  };
}

interface MessageKey {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

type Sign = (data: Uint8Array) => Uint8Array | Promise<Uint8Array>;
type Verify = (data: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

function signer(key: PrivateKey, { secp256k1, readSecret }: Kit): Sign {
  if (key.algorithm === 'RSA') return data => key.sign(data);
  const secret = readSecret(exportKey(key));
  return data => secp256k1.sign(data, secret, { format: 'der' });
}

function verifier(key: PublicKey, { secp256k1 }: Kit): Verify {
  if (key.algorithm === 'RSA') return (data, signature) => key.verify(data, signature);
  const { material } = key;
  return (data, signature) => secp256k1.verify(signature, data, material, { format: 'der', lowS: false });
}
