import type { MessageKey, Protocol, WrappedKey } from '@dimp/core';
import { exportKey, type JsonValue, parseSymmetricKey } from '@dimp/crypto';
import { decodeBase64, encodeBase64 } from '@dimp/crypto/format';
import { Draft, type RecordValue } from './draft.js';
import { decodeJson, encodeJson } from './json-records.js';

/** A message key as it is kept. */
export interface KeptKey {
  readonly entry: MessageKey;
  /** The key itself as it is written. */
  readonly exported: JsonValue;
  /** Its turn among all, see `KeyTurns`; absent until it has one. */
  readonly turn?: number;
}

/** A wrapped key: recipient, material and encrypted key. A list, since names are foreign text. */
type WrappedEntry = readonly [recipient: string, material: string, encryptedKey: string];

/** A key as it is now. @throws {UnsupportedError} one that does not give its bytes away */
export function keepKey({ key, time, uses, pinned, wrapped }: MessageKey): KeptKey {
  return {
    entry: {
      key,
      time,
      uses,
      ...(pinned === true && { pinned }),
      ...(wrapped && wrapped.size > 0 && { wrapped: new Map(wrapped) }),
    },
    exported: exportKey(key),
  };
}

/** @param turn another than before; the same when absent */
export function draftKey(kept: KeptKey, turn?: number): Draft<KeptKey> {
  return new Draft(turn === undefined ? kept : { ...kept, turn }, encodeKept);
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
    exported: json['key'] as JsonValue,
    ...(turn !== undefined && { turn }),
  };
}

function encodeKept({ entry, exported, turn }: KeptKey): Uint8Array {
  const { time, uses, pinned, wrapped } = entry;
  return encodeJson({
    key: exported,
    time,
    uses,
    ...(turn !== undefined && { turn }),
    ...(pinned === true && { pinned }),
    ...(wrapped && { wrapped: [...wrapped].map(formatWrapped) }),
  });
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
