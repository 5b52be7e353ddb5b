/** What is used of Node here; its types are not asked for, since everything else must do without Node. */
declare const process: { getBuiltinModule(name: 'node:crypto'): NodeCrypto };

interface NodeCrypto {
  createCipheriv: CreateCipher;
  createDecipheriv: CreateCipher;
}

type CreateCipher = (name: string, key: Uint8Array, iv: Uint8Array) => Cipher;

interface Cipher {
  setAutoPadding(on: boolean): Cipher;
  update(data: Uint8Array): Uint8Array;
}

// not taken apart: bundlers hold that for an effect
const nodeCrypto: NodeCrypto = /* @__PURE__ */ process.getBuiltinModule('node:crypto');

/** The encryption of whole blocks without padding. The last block of the result is the iv of the next. */
export function encryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  return run(nodeCrypto.createCipheriv, key, iv, blocks);
}

/** The decryption of whole blocks, padding included. The last block of `blocks` is the iv of the next. */
export function decryptBlocks(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  return run(nodeCrypto.createDecipheriv, key, iv, blocks);
}

function run(create: CreateCipher, key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  const cipher = create(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false);
  // whole blocks come out at once, so there is nothing left for final()
  const { buffer, byteOffset, byteLength } = cipher.update(blocks);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
