import type { AsymmetricAlgorithm, SymmetricAlgorithm } from './algorithm.js';
import { DimpError, ParseError } from './errors.js';
import type { JsonObject } from './json.js';
import { JsonReader } from './json-reader.js';
import type { PrivateKey, PublicKey, SymmetricKey } from './keys.js';
import type { Definition, Registry } from './registry.js';

/**
 * Reads a public key object, `{ algorithm, data, … }`, by the algorithm it names.
 * @throws {ParseError} no object or no algorithm, or (as `cause`) what the algorithm says
 * @throws {TypeError} without context, which is the protocol or `{ asymmetric: createRegistry(…) }`
 */
export function parsePublicKey(
  json: unknown,
  context: { readonly asymmetric: Registry<AsymmetricAlgorithm> },
  path = 'PublicKey',
): PublicKey {
  return parseKey(json, path, context?.asymmetric, (algorithm, object) => algorithm.parsePublicKey(object));
}

/** Reads a private key object. @throws {ParseError} as `parsePublicKey` */
export function parsePrivateKey(
  json: unknown,
  context: { readonly asymmetric: Registry<AsymmetricAlgorithm> },
  path = 'PrivateKey',
): PrivateKey {
  return parseKey(json, path, context?.asymmetric, (algorithm, object) => algorithm.parsePrivateKey(object));
}

/** Reads a symmetric key object. @throws {ParseError} as `parsePublicKey` */
export function parseSymmetricKey(
  json: unknown,
  context: { readonly symmetric: Registry<SymmetricAlgorithm> },
  path = 'SymmetricKey',
): SymmetricKey {
  return parseKey(json, path, context?.symmetric, (algorithm, object) => algorithm.parseKey(object));
}

function parseKey<T extends Definition, K>(
  json: unknown,
  path: string,
  algorithms: Registry<T> | undefined,
  parse: (algorithm: T, json: JsonObject) => K,
): K {
  if (!algorithms) throw new TypeError('expected a context with algorithms');
  const algorithm = new JsonReader(json, path).text('algorithm');
  try {
    return parse(algorithms.get(algorithm), json as JsonObject);
  } catch (error) {
    // the algorithm does not know where the key stood; its own code says more than ERR_PARSE
    if (!(error instanceof DimpError) || error instanceof ParseError) throw error;
    throw new ParseError(path, error.message, { code: error.code, cause: error });
  }
}
