import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '@dimp/crypto';
import type { Relay } from './relay/relay.js';

/** Members of a package that a relay cannot look into; of the signature it can only say whether it fits. */
const sealed = ['data', 'key', 'keys', 'signature'];

/** Everything that is handed to a relay, from now on, byte for byte: what its operator could write down of it. */
export class RelayWatch {
  readonly packages: JsonObject[] = [];
  readonly stop: () => void;

  constructor(relay: Relay) {
    this.stop = relay.watch(data => this.packages.push(parseJsonObject(data, 'Package')));
  }

  /** Whether a secret stands anywhere in what passed, in the clear or as base64. */
  saw(secret: string): boolean {
    return this.packages.some(json => holds(json, secret));
  }
}

/** The members of a package that a relay can read. */
export function readableMembers(json: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !sealed.includes(name)));
}

/** The members of a package that a relay cannot look into, and the bytes in each; of `keys` for each member. */
export function sealedMembers(json: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(json)
      .filter(([name]) => sealed.includes(name))
      .map(([name, value]) => [name, sizes(value)]),
  );
}

function sizes(value: JsonValue): JsonValue {
  if (typeof value === 'string') return Buffer.from(value, 'base64').length;
  if (!isJsonObject(value)) return 0;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sizes(member)]));
}

function holds(value: JsonValue, secret: string): boolean {
  if (typeof value === 'string') {
    return value.includes(secret) || Buffer.from(value, 'base64').includes(secret);
  }
  if (Array.isArray(value)) return value.some(item => holds(item, secret));
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([name, member]) => name.includes(secret) || holds(member, secret));
}
