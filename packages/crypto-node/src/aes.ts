import { type CipherKey, createCipheriv, createDecipheriv } from 'node:crypto';
import {
  concatBytes,
  DecryptError,
  type ExportableKey,
  exportKey,
  exportSecret,
  type JsonObject,
  randomBytes,
  type SymmetricAlgorithm,
  type SymmetricKey,
  type SymmetricOptions,
} from '@dimp/crypto';
import { type AesKey, createAesKey, aes as portableAes, readAesKey } from '@dimp/crypto/aes';
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
    return new NodeAesKey(randomBytes(bits / 8), randomBytes(blockSize));
  },
};

class NodeAesKey implements SymmetricKey, ExportableKey {
  readonly algorithm = 'AES';
  readonly bits: number;
  readonly #name: string;
  readonly #data: CipherKey;
  readonly #iv: Uint8Array;
  /** The same key in portable code: it checks and writes keys, and refuses what is no iv. */
  readonly #portable: AesKey;

  constructor(data: Uint8Array, iv: Uint8Array = new Uint8Array(blockSize), json?: JsonObject) {
    this.#portable = createAesKey(data, iv, json);
    this.bits = this.#portable.bits;
    this.#name = `aes-${this.bits}-cbc`;
    this.#data = data;
    this.#iv = iv;
  }

  async encrypt(plaintext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    if (iv.length !== blockSize) return this.#portable.encrypt(plaintext, { iv });
    const cipher = createCipheriv(this.#name, this.#data, iv);
    return joined(cipher.update(plaintext), cipher.final());
  }

  async decrypt(ciphertext: Uint8Array, { iv = this.#iv }: SymmetricOptions = {}): Promise<Uint8Array> {
    if (iv.length !== blockSize) throw new DecryptError();
    const decipher = createDecipheriv(this.#name, this.#data, iv);
    const head = decipher.update(ciphertext);
    try {
      return joined(head, decipher.final());
    } catch {
      // length or padding: which of them must not be told
      throw new DecryptError();
    }
  }

  encryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    if (iv.length !== blockSize) return this.#portable.encryptStream({ iv });
    const cipher = createCipheriv(this.#name, this.#data, iv);
    return new TransformStream({
      transform: (chunk, controller) => enqueue(controller, cipher.update(chunk)),
      flush: controller => enqueue(controller, cipher.final()),
    });
  }

  decryptStream({ iv = this.#iv }: SymmetricOptions = {}): TransformStream<Uint8Array, Uint8Array> {
    if (iv.length !== blockSize) throw new DecryptError();
    const decipher = createDecipheriv(this.#name, this.#data, iv);
    return new TransformStream({
      transform: (chunk, controller) => enqueue(controller, decipher.update(chunk)),
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
    return exportKey(this.#portable);
  }
}

function enqueue(controller: TransformStreamDefaultController<Uint8Array>, data: Buffer): void {
  if (data.length > 0) controller.enqueue(plainBytes(data));
}

/** Not by `Buffer.concat`, whose results lie in memory that all small buffers of the program share. */
function joined(head: Buffer, tail: Buffer): Uint8Array {
  if (tail.length === 0) return plainBytes(head);
  return head.length === 0 ? plainBytes(tail) : concatBytes(head, tail);
}
