import type { JsonObject, JsonValue } from '@dimp/crypto';
import { decodeUtf8, encodeUtf8 } from '@dimp/crypto/format';
import type { DatabaseRange } from './database.js';
import { Draft } from './draft.js';
import type { RecordKey } from './record-key.js';
import type { Reads, Records } from './records.js';

/** Writes a record that holds JSON. */
export function putJson(records: Records, key: RecordKey, value: JsonObject): void {
  records.put(key, new Draft(value, encodeJson));
}

/** What a record holds; undefined when there is none. @throws {DamagedRecordError} */
export async function getJson(reads: Reads, key: RecordKey): Promise<JsonObject | undefined> {
  const value = await reads.find(key);
  if (value === undefined) return undefined;
  return value instanceof Draft ? (value as Draft<JsonObject>).of : decodeJson(value);
}

/**
 * What the records of a range hold, those that are damaged left out: `verify()` tells of them, and one of them is no
 * reason to hold back the others.
 */
export async function listJson(reads: Reads, range: DatabaseRange): Promise<readonly JsonObject[]> {
  const entries = await reads.list(range);
  return entries.flatMap(({ value }) => (value === undefined ? [] : [decodeJson(value)]));
}

/** The bytes of what `decodeJson` gives. */
export function encodeJson(value: JsonObject): Uint8Array {
  return encodeUtf8(JSON.stringify(value));
}

/** The value was sealed by this package, so it is JSON; how deep and how large was limited where it came in. */
export function decodeJson(value: Uint8Array): JsonObject {
  return JSON.parse(decodeUtf8(value)) as JsonValue as JsonObject;
}
