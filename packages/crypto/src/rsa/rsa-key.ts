import { equalBytes } from '../bytes.js';
import { checkBytes } from '../check-arguments.js';
import { DecryptError } from '../errors.js';
import type { JsonObject } from '../json.js';
import {
  type DecryptKey,
  type EncryptKey,
  type ExportableKey,
  exportSecret,
  type PrivateKey,
  type PublicKey,
} from '../keys.js';
import { paddingBytes, padMessage, unpadMessage } from './encryption-block.js';
import { bitLength, byteLength, bytesToInteger, integerToBytes } from './integers.js';
import { encodePublicKey } from './key-der.js';
import { formatPrivateKey, formatPublicKey } from './key-format.js';
import { type RsaPrivateNumbers, type RsaPublicNumbers, rejectionSecret } from './numbers.js';
import { powerPublic } from './power.js';
import { PrivateOperation } from './private-operation.js';
import { signatureBlock } from './signature-block.js';

/** An RSA public key: RSASSA-PKCS1-v1_5 with SHA-256, RSAES-PKCS1-v1_5. */
export interface RsaPublicKey extends PublicKey {
  readonly encryption: EncryptKey;
}

/**
 * An RSA private key.
 *
 * The one in portable code rejects `sign` and decryption with `ERR_RSA_FAULT` instead of giving a result that
 * the public key does not undo.
 */
export interface RsaPrivateKey extends PrivateKey, ExportableKey {
  readonly publicKey: RsaPublicKey;
  readonly decryption: DecryptKey;
}

/**
 * A public key in portable code. The numbers are taken as they are; `rsa.parsePublicKey` is what checks them by
 * the key policy. Keys of 1024 bits, which the protocol's first generation is full of, are weak by now.
 * @param json the key object as it came; as it is written when absent
 */
export function createRsaPublicKey(
  numbers: RsaPublicNumbers,
  json: JsonObject = formatPublicKey(numbers),
): RsaPublicKey {
  return new PortablePublicKey(numbers, json);
}

/**
 * A private key in portable code, from numbers that belong together.
 *
 * The secret stands in private members only: neither `JSON.stringify` nor a log shows it, `exportKey` gives it.
 * JavaScript has no arithmetic in constant time: inputs are blinded, yet an attacker who can measure on the
 * same machine learns more here than from a native implementation, which is to be preferred where there is one.
 * @param json the key object as it came; as it is written when absent
 */
export function createRsaPrivateKey(
  numbers: RsaPrivateNumbers,
  json: JsonObject = formatPrivateKey(numbers),
): RsaPrivateKey {
  return new PortablePrivateKey(numbers, json);
}

class PortablePublicKey implements RsaPublicKey {
  readonly algorithm = 'RSA';
  readonly bits: number;
  readonly material: Uint8Array;
  readonly json: JsonObject;
  readonly encryption: EncryptKey;
  readonly #numbers: RsaPublicNumbers;
  readonly #length: number;

  constructor(numbers: RsaPublicNumbers, json: JsonObject) {
    this.#numbers = { modulus: numbers.modulus, exponent: numbers.exponent };
    this.#length = byteLength(numbers.modulus);
    this.bits = bitLength(numbers.modulus);
    this.material = encodePublicKey(numbers);
    this.json = json;
    this.encryption = {
      capacity: this.#length - paddingBytes,
      encrypt: async plaintext => {
        checkBytes(plaintext, 'plaintext');
        const block = padMessage(plaintext, this.#length);
        return integerToBytes(this.#apply(bytesToInteger(block)), this.#length);
      },
    };
  }

  async verify(data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    checkBytes(data, 'data');
    checkBytes(signature, 'signature');
    if (signature.length !== this.#length) return false;
    const value = bytesToInteger(signature);
    // the same signature plus the modulus would pass too
    if (value >= this.#numbers.modulus) return false;
    return equalBytes(integerToBytes(this.#apply(value), this.#length), signatureBlock(data, this.#length));
  }

  /** The key object as on the wire, which `JSON.stringify` then shows. */
  toJSON(): JsonObject {
    return this.json;
  }

  #apply(value: bigint): bigint {
    return powerPublic(value, this.#numbers.exponent, this.#numbers.modulus);
  }
}

class PortablePrivateKey implements RsaPrivateKey {
  readonly algorithm = 'RSA';
  readonly bits: number;
  readonly publicKey: RsaPublicKey;
  readonly decryption: DecryptKey;
  readonly #modulus: bigint;
  readonly #length: number;
  readonly #operation: PrivateOperation;
  readonly #rejectionSecret: Uint8Array;
  readonly #json: JsonObject;

  constructor(numbers: RsaPrivateNumbers, json: JsonObject) {
    this.#modulus = numbers.modulus;
    this.#length = byteLength(numbers.modulus);
    this.#operation = new PrivateOperation(numbers);
    this.#rejectionSecret = rejectionSecret(numbers);
    this.#json = json;
    this.publicKey = createRsaPublicKey(numbers);
    this.bits = this.publicKey.bits;
    this.decryption = { decrypt: ciphertext => this.#decrypt(ciphertext) };
  }

  async sign(data: Uint8Array): Promise<Uint8Array> {
    checkBytes(data, 'data');
    const block = signatureBlock(data, this.#length);
    return integerToBytes(this.#operation.run(bytesToInteger(block)), this.#length);
  }

  [exportSecret](): JsonObject {
    return this.#json;
  }

  async #decrypt(ciphertext: Uint8Array): Promise<Uint8Array> {
    checkBytes(ciphertext, 'ciphertext');
    if (ciphertext.length !== this.#length) throw new DecryptError();
    const value = bytesToInteger(ciphertext);
    if (value >= this.#modulus) throw new DecryptError();
    const block = integerToBytes(this.#operation.run(value), this.#length);
    return unpadMessage(block, ciphertext, this.#rejectionSecret);
  }
}
