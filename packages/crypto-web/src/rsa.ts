import {
  type AsymmetricAlgorithm,
  type DecryptKey,
  type EncryptKey,
  type ExportableKey,
  exportKey,
  exportSecret,
  type GenerateKeyOptions,
  type JsonObject,
  type PrivateKey,
  type PublicKey,
} from '@dimp/crypto';
import { checkBytes } from '@dimp/crypto/check-arguments';
import { encodeBase64 } from '@dimp/crypto/format';
import {
  checkModulusBits,
  createRsaPrivateKey,
  createRsaPublicKey,
  formatPrivateKey,
  generateOutside,
  parsePrivateNumbers,
  parsePublicNumbers,
  rsa as portableRsa,
  type RsaPrivateKey,
  type RsaPrivateNumbers,
  type RsaPublicKey,
} from '@dimp/crypto/rsa';
import { encodePkcs8 } from './pkcs8.js';
import { currentSubtle, importOnce, type PlatformKey, unshared } from './platform-key.js';

/**
 * RSA of which WebCrypto signs, verifies and makes the keys, away from the page's thread and two to ten times
 * faster. It knows nothing of the protocol's encryption, so that is portable code, as is all the rest where
 * `crypto.subtle` is missing.
 */
export const rsa: AsymmetricAlgorithm = {
  code: portableRsa.code,
  aliases: portableRsa.aliases ?? [],
  parsePublicKey: json => new WebPublicKey(createRsaPublicKey(parsePublicNumbers(json), json)),
  parsePrivateKey: json => new WebPrivateKey(parsePrivateNumbers(json), json),
  generatePrivateKey,
};

const scheme = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

class WebPublicKey implements PublicKey {
  readonly algorithm = 'RSA';
  readonly bits: number;
  readonly material: Uint8Array;
  readonly json: JsonObject;
  readonly encryption: EncryptKey;
  readonly #portable: RsaPublicKey;
  readonly #imported: () => Promise<PlatformKey | undefined>;

  constructor(portable: RsaPublicKey) {
    this.bits = portable.bits;
    this.material = portable.material;
    this.json = portable.json;
    this.encryption = portable.encryption;
    this.#portable = portable;
    this.#imported = importOnce(subtle =>
      subtle.importKey('spki', unshared(portable.material), scheme, false, ['verify']),
    );
  }

  async verify(data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    checkBytes(data, 'data');
    checkBytes(signature, 'signature');
    const platform = await this.#imported();
    if (platform === undefined) return this.#portable.verify(data, signature);
    return platform.subtle.verify(scheme, platform.key, unshared(signature), unshared(data));
  }

  /** The key object as on the wire, which `JSON.stringify` then shows. */
  toJSON(): JsonObject {
    return this.json;
  }
}

class WebPrivateKey implements PrivateKey, ExportableKey {
  readonly algorithm = 'RSA';
  readonly bits: number;
  readonly publicKey: PublicKey;
  readonly decryption: DecryptKey;
  readonly #portable: RsaPrivateKey;
  readonly #imported: () => Promise<PlatformKey | undefined>;

  constructor(numbers: RsaPrivateNumbers, json: JsonObject) {
    this.#portable = createRsaPrivateKey(numbers, json);
    this.bits = this.#portable.bits;
    this.publicKey = new WebPublicKey(this.#portable.publicKey);
    this.decryption = this.#portable.decryption;
    this.#imported = importOnce(subtle =>
      subtle.importKey('pkcs8', unshared(encodePkcs8(numbers)), scheme, false, ['sign']),
    );
  }

  async sign(data: Uint8Array): Promise<Uint8Array> {
    checkBytes(data, 'data');
    const platform = await this.#imported();
    if (platform === undefined) return this.#portable.sign(data);
    return new Uint8Array(await platform.subtle.sign(scheme, platform.key, unshared(data)));
  }

  [exportSecret](): JsonObject {
    return exportKey(this.#portable);
  }
}

/** Where the platform refuses, portable code makes the key. An abort leaves the platform to finish unseen. */
async function generatePrivateKey(options: GenerateKeyOptions = {}): Promise<PrivateKey> {
  const { onProgress: _, ...quiet } = options;
  const { bits = 2048 } = quiet;
  checkModulusBits(bits);
  const subtle = currentSubtle();
  const json = await (subtle === undefined
    ? generatePortable(options)
    : generateOutside(
        bits,
        // which sizes a platform refuses cannot be asked beforehand
        () => generateByPlatform(bits, subtle).catch(() => generatePortable(quiet)),
        options,
      ));
  const numbers = parsePrivateNumbers(json);
  return new WebPrivateKey(numbers, formatPrivateKey(numbers));
}

async function generatePortable(options: GenerateKeyOptions): Promise<JsonObject> {
  return exportKey(await portableRsa.generatePrivateKey(options));
}

async function generateByPlatform(bits: number, subtle: SubtleCrypto): Promise<JsonObject> {
  const settings = { ...scheme, modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1) };
  // extractable, because the protocol's encryption needs the numbers
  const { privateKey } = await subtle.generateKey(settings, true, ['sign', 'verify']);
  const text = encodeBase64(new Uint8Array(await subtle.exportKey('pkcs8', privateKey)));
  return { data: `-----BEGIN PRIVATE KEY-----${text}-----END PRIVATE KEY-----` };
}
