import { concatBytes, type SymmetricKey } from '@dimp/crypto';
import { type CbcStep, cbcStream } from '@dimp/crypto/aes';

type Bytes = TransformStream<Uint8Array, Uint8Array>;

const blockSize = 16;

const encrypt: CbcStep<SymmetricKey> = (key, iv, data) => key.encrypt(data, { iv });
const decrypt: CbcStep<SymmetricKey> = (key, iv, data) => key.decrypt(data, { iv });

/**
 * AES-CBC chunk by chunk, by a key that takes its data in one piece: the padding it puts on each run of blocks is
 * cut off again.
 */
export function encryptInChunks(key: SymmetricKey, iv: Uint8Array): Bytes {
  return cbcStream(key, iv, 0, encryptBlocks, encrypt);
}

async function encryptBlocks(key: SymmetricKey, iv: Uint8Array, blocks: Uint8Array): Promise<Uint8Array> {
  const padded = await encrypt(key, iv, blocks);
  return padded.subarray(0, blocks.length);
}

/**
 * The other way. Every run of blocks but the last is given a block of padding behind it, as the key wants to see one.
 * @throws {DecryptError} at the end, for every failure
 */
export function decryptInChunks(key: SymmetricKey, iv: Uint8Array): Bytes {
  return cbcStream(key, iv, 1, decryptBlocks, decrypt);
}

async function decryptBlocks(key: SymmetricKey, iv: Uint8Array, blocks: Uint8Array): Promise<Uint8Array> {
  const padding = await encrypt(key, blocks.subarray(-blockSize), new Uint8Array(0));
  return decrypt(key, iv, concatBytes(blocks, padding));
}
