import type { MessageKey, Protocol, WrappedKey } from '@dimp/core';
import { exportKey, type JsonObject, type JsonValue, parseSymmetricKey } from '@dimp/crypto';
import { decodeBase64, encodeBase64 } from '@dimp/crypto/format';
import { Draft, type RecordValue } from './draft.js';
import { decodeJson, encodeJson } from './json-records.js';

/** A message key as it is kept. */
export interface KeptKey {
  readonly entry: MessageKey;
  /** Its turn among all, see `KeyTurns`; absent until it has one. */
  readonly turn?: number;
}

/** A wrapped key: recipient, material and encrypted key. A list, since names are foreign text. */
type WrappedEntry = readonly [recipient: string, material: string, encryptedKey: string];

/** @throws {UnsupportedError} a key that does not give its bytes away */
export function draftKey({ entry, turn }: KeptKey): Draft<KeptKey> {
  const { key, time, uses, pinned } = entry;
  const exported = exportKey(key);
  const wrapped = entry.wrapped && new Map(entry.wrapped);
  const kept = {
    entry: {
      key,
      time,
      uses,
      ...(pinned === true && { pinned }),
      ...(wrapped && wrapped.size > 0 && { wrapped }),
    },
    ...(turn !== undefined && { turn }),
  };
  return new Draft(kept, () => encodeJson(formatKept(kept, exported)));
}

export function readKey(value: RecordValue, context: Pick<Protocol, 'symmetric'>): KeptKey {
  if (value instanceof Draft) return (value as Draft<KeptKey>).of;
  const json = decodeJson(value);
  const wrapped = json['wrapped'] as readonly WrappedEntry[] | undefined;
  const turn = json['turn'] as number | undefined;
  return {
    entry: {
      key: parseSymmetricKey(json['key'], context, 'MessageKey.key'),
      time: json['time'] as number,
      uses: json['uses'] as number,
      ...(json['pinned'] === true && { pinned: true }),
      ...(wrapped && { wrapped: new Map(wrapped.map(parseWrapped)) }),
    },
    ...(turn !== undefined && { turn }),
  };
}

function formatKept({ entry, turn }: KeptKey, key: JsonValue): JsonObject {
  const { time, uses, pinned, wrapped } = entry;
  return {
    key,
    time,
    uses,
    ...(turn !== undefined && { turn }),
    ...(pinned === true && { pinned }),
    ...(wrapped && { wrapped: [...wrapped].map(formatWrapped) }),
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
