import { createCipheriv, createDecipheriv } from 'node:crypto';
import {
  DecryptError,
  type ExportableKey,
  exportSecret,
  type JsonObject,
  randomBytes,
  type SymmetricAlgorithm,
  type SymmetricKey,
  type SymmetricOptions,
} from '@dimp/crypto';
import {
  checkAesKey,
  checkIv,
  formatAesKey,
  isIv,
  padBlocks,
  aes as portableAes,
  readAesKey,
  unpaddedLength,
} from '@dimp/crypto/aes';
import { checkBytes } from '@dimp/crypto/check-arguments';
import { plainBytes } from './plain-bytes.js';

const blockSize = 16;

/** AES-CBC over `node:crypto`: the same keys and results as the portable one. */
export const aes: SymmetricAlgorithm = {
  code: portableAes.code,
  aliases: portableAes.aliases ?? [],
  parseKey(json) {
    const { data, iv } = readAesKey(json);
    return new NodeAesKey(data, iv, json);
  },
  async generateKey(options = {}) {
    const { bits = 256, signal } = options;
    // refused as the portable one refuses them
    if (![128, 192, 256].includes(bits)) return portableAes.generateKey(options);
    signal?.throwIfAborted();
    // together, since the platform has to be given memory of its own for either
    const bytes = randomBytes(bits / 8 + blockSize);
    return new NodeAesKey(bytes.subarray(blockSize), bytes.subarray(0, blockSize));
  },
};

/** The padding is ours: the platform's costs another call and another piece of memory. */
class NodeAesKey implements SymmetricKey, ExportableKey {
  readonly algorithm = 'AES';
  readonly bits: number;
  readonly #name: string;
  readonly #data: Uint8Array;
  readonly #iv: Uint8Array;
  readonly #json: JsonObject | undefined;

  /** @param data bytes that nobody else writes to, as those of `iv` */
  constructor(data: Uint8Array, iv: Uint8Array = new Uint8Array(blockSize), json?: JsonObject) {
    checkAesKey(data, iv);
    this.bits = data.length * 8;
    this.#name = `aes-${this.bits}-cbc`;
    this.#data = data;
    this.#iv = iv;
    this.#json = json;
  }

  async encrypt(plaintext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    checkBytes(plaintext, 'plaintext');
    checkIv(iv);
    const cipher = createCipheriv(this.#name, this.#data, iv).setAutoPadding(false);
    return plainBytes(cipher.update(padBlocks(plaintext)));
  }

  async decrypt(ciphertext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    checkBytes(ciphertext, 'ciphertext');
    if (!isIv(iv) || ciphertext.length % blockSize !== 0) throw new DecryptError();
    const decipher = createDecipheriv(this.#name, this.#data, iv).setAutoPadding(false);
    const padded = plainBytes(decipher.update(ciphertext));
    // in memory of its own, without the padding
    return padded.slice(0, unpaddedLength(padded));
  }

  encryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    checkIv(iv);
    const cipher = createCipheriv(this.#name, this.#data, iv);
    return new TransformStream({
      transform(chunk, controller) {
        checkBytes(chunk, 'chunk');
        enqueue(controller, cipher.update(chunk));
      },
      flush: controller => enqueue(controller, cipher.final()),
    });
  }

  decryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    if (!isIv(iv)) throw new DecryptError();
    const decipher = createDecipheriv(this.#name, this.#data, iv);
    return new TransformStream({
      transform(chunk, controller) {
        checkBytes(chunk, 'chunk');
        enqueue(controller, decipher.update(chunk));
      },
      flush(controller) {
        let last: Buffer;
        try {
          last = decipher.final();
        } catch {
          throw new DecryptError();
        }
        enqueue(controller, last);
      },
    });
  }

  [exportSecret](): JsonObject {
    return formatAesKey(this.#data, this.#iv, this.#json);
  }
}

function enqueue(controller: TransformStreamDefaultController<Uint8Array>, data: Buffer): void {
  if (data.length > 0) controller.enqueue(plainBytes(data));
}
