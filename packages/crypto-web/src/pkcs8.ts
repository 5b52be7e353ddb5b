import { concatBytes } from '@dimp/crypto';
import { encodePrivateKey, type RsaPrivateNumbers } from '@dimp/crypto/rsa';

/** Version 0, algorithm rsaEncryption, and the tag of the octets that hold the key. */
const head = /* @__PURE__ */ Uint8Array.of(
  ...[0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01],
  ...[0x05, 0x00, 0x04],
);

/**
 * PKCS#8 PrivateKeyInfo, the one form in which WebCrypto takes an RSA private key as bytes. The bytes are secret.
 * @see RFC 5208
 */
export function encodePkcs8(numbers: RsaPrivateNumbers): Uint8Array {
  const key = encodePrivateKey(numbers);
  const body = concatBytes(head, derLength(key), key);
  return concatBytes(Uint8Array.of(0x30), derLength(body), body);
}

/** Keys within the key policy take 600 to 2,400 bytes, so the length always stands in two. */
function derLength({ length }: Uint8Array): Uint8Array {
  return Uint8Array.of(0x82, length >> 8, length & 0xff);
}
