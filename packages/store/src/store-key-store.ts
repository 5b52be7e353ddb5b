import {
  freshKeys,
  type KeyPolicy,
  type KeyStore,
  type MessageKey,
  type Protocol,
  type WrappedKey,
} from '@dimp/core';
import { exportKey, type JsonObject, parseSymmetricKey } from '@dimp/crypto';
import { decodeBase64, encodeBase64 } from '@dimp/crypto/format';
import type { ID } from '@dimp/mkm';
import { getJson, putJson } from './json-records.js';
import type { RecordKey, RecordKeys } from './record-key.js';
import type { Scope } from './records.js';

/** A wrapped key as it is kept: recipient, material and encrypted key. A list, since names are foreign text. */
type WrappedEntry = readonly [recipient: string, material: string, encryptedKey: string];

/** The key store of a store: message keys with direction, counters and wrapped forms. */
export class StoreKeyStore implements KeyStore {
  readonly policy: KeyPolicy;
  readonly #scope: Scope;
  readonly #keys: RecordKeys;
  readonly #context: Pick<Protocol, 'symmetric'>;

  constructor(
    scope: Scope,
    keys: RecordKeys,
    context: Pick<Protocol, 'symmetric'>,
    policy: KeyPolicy = freshKeys,
  ) {
    this.policy = policy;
    this.#scope = scope;
    this.#keys = keys;
    this.#context = context;
  }

  async loadKey(sender: ID, target: ID): Promise<MessageKey | undefined> {
    const json = await getJson(this.#scope, this.#key(sender, target));
    return json && this.#parseEntry(json);
  }

  /** @throws {UnsupportedError} a key that does not give its bytes away; nothing is saved */
  async saveKey(sender: ID, target: ID, entry: MessageKey): Promise<void> {
    const json = formatEntry(entry);
    await this.#scope.change(records => putJson(records, this.#key(sender, target), json));
  }

  async removeKey(sender: ID, target: ID): Promise<void> {
    await this.#scope.change(records => records.remove(this.#key(sender, target)));
  }

  #key(sender: ID, target: ID): RecordKey {
    return this.#keys.key('message key', sender.key, target.key);
  }

  #parseEntry(json: JsonObject): MessageKey {
    const wrapped = json['wrapped'] as readonly WrappedEntry[] | undefined;
    return {
      key: parseSymmetricKey(json['key'], this.#context, 'MessageKey.key'),
      time: json['time'] as number,
      uses: json['uses'] as number,
      ...(json['pinned'] === true && { pinned: true }),
      ...(wrapped && { wrapped: new Map(wrapped.map(parseWrapped)) }),
    };
  }
}

function formatEntry({ key, time, uses, pinned, wrapped }: MessageKey): JsonObject {
  return {
    key: exportKey(key),
    time,
    uses,
    ...(pinned === true && { pinned }),
    ...(wrapped && wrapped.size > 0 && { wrapped: [...wrapped].map(formatWrapped) }),
  };
}

function parseWrapped([recipient, material, encryptedKey]: WrappedEntry): readonly [string, WrappedKey] {
  return [
    recipient,
    {
      material: decodeBase64(material, 'MessageKey.wrapped'),
      encryptedKey: decodeBase64(encryptedKey, 'MessageKey.wrapped'),
    },
  ];
}

function formatWrapped([recipient, { material, encryptedKey }]: readonly [string, WrappedKey]): WrappedEntry {
  return [recipient, encodeBase64(material), encodeBase64(encryptedKey)];
}
