import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { JsonObject } from '@dimp/crypto';
import type { World } from '../world.js';
import { type Floor, floorHead } from './floor.js';
import { privateKeyObject, publicKeyObject } from './key-objects.js';

/** The floor of `node:crypto`, without a promise. */
export async function createNativeFloor(world: World): Promise<Floor> {
  const { alice, bob } = world;
  const signKey = privateKeyObject(alice.signKey);
  const verifyKey = publicKeyObject(alice.meta.key);
  const decryptKey = privateKeyObject(bob.decryptKey);
  const encryptKey = publicKeyObject(bob.decryptKey.publicKey);
  const once = newMessageKey();
  const wrappedOnce = wrap(encryptKey, keyText(once)).toString('base64');
  const opened = new Map<string, MessageKey>();

  const open = (wrapped: string): MessageKey => {
    const key = unwrap(decryptKey, wrapped);
    opened.set(wrapped, key);
    return key;
  };
  const packWith = (text: string, key: MessageKey, wrapped: string): Buffer => {
    const data = encrypt(contentText(text), key);
    const signature = sign('sha256', data, signKey);
    return packageOf(floorHead(world, bob.id.text), data, { key: wrapped }, signature);
  };
  const read = (data: Uint8Array, keyOf: (wrapped: string) => MessageKey): JsonObject => {
    const message = JSON.parse(textOf(data));
    const body = Buffer.from(message.data, 'base64');
    if (!verify('sha256', body, verifyKey, Buffer.from(message.signature, 'base64')))
      throw new Error('forged');
    return JSON.parse(decrypt(body, keyOf(message.key)));
  };
  return {
    pack(text) {
      const key = newMessageKey();
      return packWith(text, key, wrap(encryptKey, keyText(key)).toString('base64'));
    },
    packReused: text => packWith(text, once, wrappedOnce),
    unpack: data => read(data, wrapped => unwrap(decryptKey, wrapped)),
    unpackSeen: data => read(data, wrapped => opened.get(wrapped) ?? open(wrapped)),
    groupPacker(group, members) {
      const receivers = members.map(({ id, decryptKey: { publicKey } }) => ({
        id: id.text,
        key: publicKeyObject(publicKey),
      }));
      return text => {
        const key = newMessageKey();
        const data = encrypt(contentText(text), key);
        const signature = sign('sha256', data, signKey);
        const plain = keyText(key);
        const keys = Object.fromEntries(
          receivers.map(receiver => [receiver.id, wrap(receiver.key, plain).toString('base64')]),
        );
        return packageOf(floorHead(world, group), data, { keys }, signature);
      };
    },
  };
}

interface MessageKey {
  readonly key: Buffer;
  readonly iv: Buffer;
}

function newMessageKey(): MessageKey {
  const bytes = randomBytes(48);
  return { key: bytes.subarray(0, 32), iv: bytes.subarray(32) };
}

function keyText({ key, iv }: MessageKey): Buffer {
  return Buffer.from(
    JSON.stringify({ algorithm: 'AES', data: key.toString('base64'), iv: iv.toString('base64') }),
  );
}

function contentText(text: string): string {
  return JSON.stringify({ type: 1, sn: 1_234_567_890, text });
}

function encrypt(text: string, { key, iv }: MessageKey): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

function decrypt(data: Buffer, { key, iv }: MessageKey): string {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([decipher.update(data), decipher.final()]).toString();
}

function wrap(key: KeyObject, plain: Buffer): Buffer {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, plain);
}

/** Versions of Node differ in what they do with this padding, so it is taken off here. */
function unwrap(key: KeyObject, wrapped: string): MessageKey {
  const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.from(wrapped, 'base64'));
  const { data, iv } = JSON.parse(block.subarray(block.indexOf(0, 2) + 1).toString());
  return { key: Buffer.from(data, 'base64'), iv: Buffer.from(iv, 'base64') };
}

function packageOf(head: object, data: Buffer, keys: object, signature: Buffer): Buffer {
  const body = { data: data.toString('base64'), ...keys, signature: signature.toString('base64') };
  return Buffer.from(JSON.stringify({ ...head, type: 1, ...body }));
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}
