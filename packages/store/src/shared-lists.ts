import type { JsonObject, JsonValue } from '@dimp/crypto';
import { decodeJson, getJson, putJson } from './json-records.js';
import { mergeLists } from './list-merge.js';
import type { RecordKey } from './record-key.js';
import type { Records, Scope } from './records.js';

/** Lists whose last reading is remembered. */
const capacity = 64;

/** What a record with a list holds. */
export type ListRecord = JsonObject & { readonly list: readonly JsonValue[] };

/** A change of a list: what it began with, and what it is to be. */
interface ListChange {
  /** Undefined when it was not read: then the change replaces whatever there is. */
  readonly before: readonly JsonValue[] | undefined;
  /** Undefined removes it. */
  record: ListRecord | undefined;
}

/**
 * Records with a list that is read, changed and written as a whole: `{ list, … }`. Another tab may change one between
 * the reading and the writing; then both changes count, see `mergeLists`.
 */
export class SharedLists {
  readonly #scope: Scope;
  /** As they were read or written last, by the text of their keys. */
  readonly #known = new Map<string, readonly JsonValue[] | Uint8Array>();
  /** What the unit changes, by the text of their keys. */
  readonly #changes = new Map<string, ListChange>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Notes what was read, or will be written: the record, or its bytes. Undefined when there is nothing. */
  note({ text }: RecordKey, record: ListRecord | Uint8Array | undefined): void {
    this.#known.delete(text);
    this.#known.set(text, record instanceof Uint8Array ? record : (record?.list ?? []));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= capacity) break;
      this.#known.delete(oldest);
    }
  }

  /** Undefined removes the record. */
  async save(key: RecordKey, record: ListRecord | undefined): Promise<void> {
    const known = this.#known.get(key.text);
    const before = known instanceof Uint8Array ? (decodeJson(known) as ListRecord).list : known;
    this.note(key, record);
    if (this.#scope.isUnit) await this.#scope.change(records => put(records, key, record));
    const change = this.#changes.get(key.text);
    // several changes in one unit are one for others
    if (change !== undefined) change.record = record;
    else await this.#write(key, { before, record });
  }

  async #write(key: RecordKey, change: ListChange): Promise<void> {
    if (this.#scope.isUnit) this.#changes.set(key.text, change);
    await this.#scope.atEnd(async (records, below) => {
      const { before, record } = change;
      const found = before && ((await getJson(below, key)) as ListRecord | undefined);
      if (before === undefined || record === undefined || found === undefined) put(records, key, record);
      else put(records, key, { ...record, list: mergeLists(before, record.list, found.list, nameOf) });
    });
  }
}

function put(records: Records, key: RecordKey, record: ListRecord | undefined): void {
  if (record === undefined) records.remove(key);
  else putJson(records, key, record);
}

/** Items are told apart by what they are, and objects by their key. */
function nameOf(item: JsonValue): string {
  return JSON.stringify(item instanceof Object && 'key' in item ? item['key'] : item);
}
