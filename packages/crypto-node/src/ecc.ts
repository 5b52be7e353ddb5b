import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import {
  type AsymmetricAlgorithm,
  type ExportableKey,
  exportSecret,
  type JsonObject,
  type PrivateKey,
  type PublicKey,
} from '@dimp/crypto';
import { checkBytes } from '@dimp/crypto/check-arguments';
import {
  checkBits,
  formatKey,
  materialOf,
  pointOf,
  randomSecret,
  readPoint,
  readSecret,
} from '@dimp/crypto/ecc-keys';
import { lowerS } from './low-s.js';
import { plainBytes } from './plain-bytes.js';

/** ECDSA over secp256k1 with `node:crypto`: the same key texts as the portable one, verifying some four times faster. */
export const ecc: AsymmetricAlgorithm = {
  code: 'ECC',
  aliases: ['SHA256withECDSA'],
  parsePublicKey: json => new NodePublicKey(readPoint(json), json),
  parsePrivateKey: json => new NodePrivateKey(readSecret(json), json),

  async generatePrivateKey({ bits = 256, signal } = {}) {
    checkBits(bits);
    signal?.throwIfAborted();
    const secret = randomSecret();
    return new NodePrivateKey(secret, formatKey(secret));
  },
};

class NodePublicKey implements PublicKey {
  readonly algorithm = 'ECC';
  readonly bits = 256;
  readonly material: Uint8Array;
  readonly json: JsonObject;
  #key: KeyObject | undefined;

  /** @param point 65 bytes of a point on the curve */
  constructor(point: Uint8Array, json: JsonObject) {
    this.material = materialOf(point, json);
    this.json = json;
  }

  async verify(data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    checkBytes(data, 'data');
    checkBytes(signature, 'signature');
    // not before it is needed, as it costs half a verification
    this.#key ??= publicKeyObject(this.material);
    return verify('sha256', data, this.#key, signature);
  }

  /** The key object as on the wire, which `JSON.stringify` then shows. */
  toJSON(): JsonObject {
    return this.json;
  }
}

class NodePrivateKey implements PrivateKey, ExportableKey {
  readonly algorithm = 'ECC';
  readonly bits = 256;
  readonly publicKey: PublicKey;
  readonly #key: KeyObject;
  readonly #json: JsonObject;

  constructor(secret: Uint8Array, json: JsonObject) {
    const point = pointOf(secret);
    this.publicKey = new NodePublicKey(point, formatKey(point));
    this.#json = json;
    this.#key = privateKeyObject(secret, point);
  }

  /** The platform draws its nonces, so the same data has another signature each time. */
  async sign(data: Uint8Array): Promise<Uint8Array> {
    checkBytes(data, 'data');
    return lowerS(plainBytes(sign('sha256', data, this.#key)));
  }

  [exportSecret](): JsonObject {
    return this.#json;
  }
}

/** SubjectPublicKeyInfo of this curve up to the point: uncompressed, and compressed. */
const infoHead = '3056301006072a8648ce3d020106052b8104000a034200';
const compressedInfoHead = '3036301006072a8648ce3d020106052b8104000a032200';

/** @param point 65 bytes, or the 33 of a compressed one */
function publicKeyObject(point: Uint8Array): KeyObject {
  const head = Buffer.from(point.length === 65 ? infoHead : compressedInfoHead, 'hex');
  return createPublicKey({ key: Buffer.concat([head, point]), format: 'der', type: 'spki' });
}

/** @param point 65 bytes, `04 || x || y` */
function privateKeyObject(secret: Uint8Array, point: Uint8Array): KeyObject {
  const key = {
    kty: 'EC',
    crv: 'secp256k1',
    x: base64url(point.subarray(1, 33)),
    y: base64url(point.subarray(33)),
    d: base64url(secret),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

function base64url(data: Uint8Array): string {
  return Buffer.from(data).toString('base64url');
}
