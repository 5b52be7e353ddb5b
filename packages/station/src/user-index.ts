import { decodeUtf8, encodeUtf8 } from '@dimp/crypto/format';
import { type ID, type IdentityContext, parseID, withoutTerminal } from '@dimp/mkm';
import type { DatabaseOperation, SyncedDatabase } from '@dimp/store/synced';
import { UserNames } from './message-keys.js';
import {
  formatNumber,
  gramBytes,
  gramKey,
  gramRange,
  numberKey,
  numberOfKey,
  textKey,
  textRange,
} from './user-records.js';

/** Entries of the index that one search looks at: some ten milliseconds of work, however many users there are. */
const maxCandidates = 2_000;
/** Bytes at the beginning of an ID, and at its end, from which on it is found. Names of people are shorter. */
const headBytes = 64;
const tailBytes = 48;
/** Users who are known to be noted: the same come again and again. */
const cacheSize = 20_000;

/**
 * The users who were ever here, to be searched by any part of their ID.
 *
 * On disk there is a key for each letter of an ID, with what follows it, so that a word is a range of keys. Nothing of it
 * is in memory, so opening takes no longer with a million users than with one.
 */
export class UserIndex {
  readonly #database: SyncedDatabase;
  readonly #context: Pick<IdentityContext, 'addresses'>;
  readonly #names = new UserNames();
  readonly #noted = new Set<string>();
  readonly #underWay = new Map<string, Promise<void>>();
  #next: number;
  #count: number;

  private constructor(database: SyncedDatabase, context: Pick<IdentityContext, 'addresses'>, count: number) {
    this.#database = database;
    // without `knownIDs`: what is searched for is not to fill a cache that others live by
    this.#context = { addresses: context.addresses };
    this.#next = count;
    this.#count = count;
  }

  static async open(
    database: SyncedDatabase,
    context: Pick<IdentityContext, 'addresses'>,
  ): Promise<UserIndex> {
    for await (const [last] of database.scan({ ...textRange, reverse: true, limit: 1 })) {
      if (last !== undefined) return new UserIndex(database, context, numberOfKey(last[0]) + 1);
    }
    return new UserIndex(database, context, 0);
  }

  /** How many are noted; one that failed to be written may count. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when the user is on disk. */
  add(user: ID): Promise<void> {
    const { key } = user;
    if (this.#noted.has(key)) return Promise.resolve();
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const adding = this.#add(key, user).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, adding);
    return adding;
  }

  /** @see UserDirectory.search Of words that very many IDs hold not every ID is looked at. */
  async search(words: readonly string[], limit: number): Promise<readonly ID[]> {
    const wanted = [...new Set(words.map(fold))].filter(word => word !== '');
    // the longest is likely to be the rarest
    const [longest] = wanted.toSorted((a, b) => b.length - a.length);
    const found: ID[] = [];
    if (longest === undefined || limit < 1) return found;
    const start = Buffer.from(longest).subarray(0, gramBytes);
    const seen = new Set<number>();
    for await (const page of this.#database.scan({ ...gramRange(start), limit: maxCandidates })) {
      for (const [key] of page) {
        const number = numberOfKey(key);
        if (seen.has(number)) continue;
        seen.add(number);
        const value = await this.#database.read(textKey(number));
        if (value === undefined) continue;
        const text = decodeUtf8(value, 'record');
        const folded = fold(text);
        if (!wanted.every(word => folded.includes(word))) continue;
        found.push(parseID(text, this.#context));
        if (found.length >= limit) return found;
      }
    }
    return found;
  }

  /** @see UserDirectory.newest */
  async newest(limit: number): Promise<readonly ID[]> {
    const found: ID[] = [];
    for await (const page of this.#database.scan({ ...textRange, reverse: true, limit })) {
      for (const [, value] of page) found.push(parseID(decodeUtf8(value, 'record'), this.#context));
    }
    return found;
  }

  async #add(key: string, user: ID): Promise<void> {
    const name = this.#names.of(user);
    if ((await this.#database.read(numberKey(name))) === undefined) {
      // that of an add that failed is not given again: others may be on their way behind it
      const number = this.#next++;
      await this.#database.write(recordsOf(withoutTerminal(user), numberKey(name), number));
      this.#count++;
    }
    this.#noted.add(key);
    const [oldest] = this.#noted;
    if (this.#noted.size > cacheSize && oldest !== undefined) this.#noted.delete(oldest);
  }
}

function recordsOf({ text }: ID, key: Uint8Array, number: number): readonly DatabaseOperation[] {
  return [
    { type: 'put', key, value: formatNumber(number) },
    { type: 'put', key: textKey(number), value: encodeUtf8(text) },
    ...gramsOf(text).map(
      (gram): DatabaseOperation => ({ type: 'put', key: gramKey(gram, number), value: new Uint8Array() }),
    ),
  ];
}

/** What follows each letter, that letter included. */
function gramsOf(text: string): readonly Uint8Array[] {
  const bytes = Buffer.from(fold(text));
  const grams: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start++) {
    if (start >= headBytes && start < bytes.length - tailBytes) continue;
    // inside of a letter
    if (((bytes[start] as number) & 0xc0) === 0x80) continue;
    grams.push(bytes.subarray(start, start + gramBytes));
  }
  return grams;
}

/** Upper and lower case alike. */
function fold(text: string): string {
  return text.toLowerCase();
}
