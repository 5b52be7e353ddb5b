/**
 * Contracts of keys and algorithms, registries, strict reading of JSON. No algorithm is reached from here: each has its own
 * subpath, so that an application carries only those it names.
 * @packageDocumentation
 */
export type { AsymmetricAlgorithm, GenerateKeyOptions, SymmetricAlgorithm } from './algorithm.js';
export { concatBytes, equalBytes, type RandomBytes, randomBytes } from './bytes.js';
export type { Draft } from './draft.js';
export {
  DecryptError,
  DimpError,
  KeyFormatError,
  LimitError,
  NotFoundError,
  ParseError,
  UnsupportedError,
  UsageError,
} from './errors.js';
export {
  checkJson,
  describeJson,
  formatJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  parseJsonObject,
} from './json.js';
export { JsonReader } from './json-reader.js';
export {
  type DecryptKey,
  type EncryptKey,
  type ExportableKey,
  exportKey,
  exportSecret,
  type PrivateKey,
  type PublicKey,
  type SignKey,
  type SymmetricKey,
  type SymmetricOptions,
  type VerifyKey,
} from './keys.js';
export { limits } from './limits.js';
export { parsePrivateKey, parsePublicKey, parseSymmetricKey } from './parse-key.js';
export { createRegistry, type Definition, type Registry } from './registry.js';
export { unsafeMarkVerified, type Verified } from './verified.js';
