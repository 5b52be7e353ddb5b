import { concatBytes, equalBytes, type JsonObject, JsonReader, ParseError, parseJson } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeBase64, encodeUtf8 } from '@dimp/crypto/format';
import type { Disk } from './disk.js';
import { StoreError } from './errors.js';
import type { Layer } from './layer.js';
import { isSoundCost, type WrappedKey } from './passphrase.js';
import { makeKey, type RecordKey } from './record-key.js';
import { spaceOf, spaces } from './spaces.js';

/** The first record of a store: what everything else is read by. */
export interface StoreHeader {
  /** Which records there are and what is in them. */
  readonly schema: number;
  /** A migration that was begun and is to be gone on with. */
  readonly migration?: { readonly to: number; readonly cursor: string };
  /** The data key: as it is, or under a passphrase. */
  readonly dataKey: Uint8Array | WrappedKey;
}

/** Two places, far from each other, so that one damaged block of a file does not take both. */
const places: readonly RecordKey[] = /* @__PURE__ */ [spaces.header, spaces['header copy']].map(number =>
  makeKey(Uint8Array.of(number, ...encodeUtf8('header'))),
);

const digestBytes = 32;

/**
 * Reads the header; undefined when there is none at all, as in a new database.
 * @throws {StoreError} `ERR_STORE_CORRUPT` when there is one and no copy of it is good, or it is in an unknown form
 */
export async function loadHeader(disk: Disk): Promise<StoreHeader | undefined> {
  const copies = await loadCopies(disk);
  const good = findGood(copies);
  if (good === undefined && copies.some(({ isThere }) => isThere)) throw lostHeader();
  return good;
}

/** The header as it is on disk now; undefined when no copy of it is good. @throws {StoreError} as `loadHeader` */
export async function findHeader(disk: Disk): Promise<StoreHeader | undefined> {
  return findGood(await loadCopies(disk));
}

/** Whether both copies of the header are good. */
export async function isHeaderWhole(disk: Disk): Promise<boolean> {
  return (await loadCopies(disk)).every(({ body }) => body !== undefined);
}

/** Whether one of these keys is that of a copy of the header. */
export function hasHeader(keys: readonly Uint8Array[]): boolean {
  return keys.some(key => spaceOf(key) === 'header');
}

/** What lies in one of the places. */
interface HeaderCopy {
  readonly isThere: boolean;
  /** Undefined when it is damaged. */
  readonly body: Uint8Array | undefined;
}

async function loadCopies(disk: Disk): Promise<readonly HeaderCopy[]> {
  return Promise.all(
    places.map(async ({ bytes }) => {
      const value = await disk.read(bytes);
      return { isThere: value !== undefined, body: value && checkDigest(value) };
    }),
  );
}

function findGood(copies: readonly HeaderCopy[]): StoreHeader | undefined {
  const good = copies.find(({ body }) => body !== undefined)?.body;
  try {
    return good && parseHeader(good);
  } catch (error) {
    const text = 'The header of the store says what this version does not understand; see the cause.';
    throw error instanceof ParseError ? new StoreError('ERR_STORE_CORRUPT', text, { cause: error }) : error;
  }
}

/** Tells other tabs that the header was changed. */
export function tellOfHeader(disk: Disk): void {
  disk.sharing?.tell(places.map(({ bytes }) => bytes));
}

/** Writes both copies of the header. */
export function saveHeader(records: Layer, header: StoreHeader): void {
  const body = encodeUtf8(JSON.stringify(formatHeader(header)));
  const value = concatBytes(sha256(body), body);
  for (const place of places) records.putPlain(place, value);
}

/** Makes earlier headers disappear from the files, as far as the database can. */
export async function purgeHeader(disk: Disk): Promise<void> {
  for (const { bytes } of places) await disk.purge({ gte: bytes, lt: concatBytes(bytes, Uint8Array.of(0)) });
}

/** The error for a database that holds records and no header. */
export function lostHeader(): StoreError {
  return new StoreError(
    'ERR_STORE_CORRUPT',
    'The header of the store is lost, and with it the key to everything; restore a backup.',
  );
}

function checkDigest(value: Uint8Array): Uint8Array | undefined {
  const body = value.subarray(digestBytes);
  return equalBytes(sha256(body), value.subarray(0, digestBytes)) ? body : undefined;
}

function formatHeader({ schema, migration, dataKey }: StoreHeader): JsonObject {
  const base = { format: 'dimp-store', schema, ...(migration && { migration: { ...migration } }) };
  if (dataKey instanceof Uint8Array) return { ...base, dataKey: encodeBase64(dataKey) };
  const { salt, cost, sealed } = dataKey;
  return {
    ...base,
    scrypt: { N: cost.N, r: cost.r, p: cost.p, salt: encodeBase64(salt) },
    sealedKey: encodeBase64(sealed),
  };
}

/** @throws {ParseError} written by a later version in a form that is not known here */
function parseHeader(body: Uint8Array): StoreHeader {
  const reader = new JsonReader(parseJson(body, 'StoreHeader'), 'StoreHeader');
  if (reader.text('format') !== 'dimp-store')
    throw new ParseError(reader.at('format'), 'expected "dimp-store"');
  const schema = reader.integer('schema');
  const migration = parseMigration(reader.value('migration'));
  const dataKey = reader.optionalBytes('dataKey') ?? parseWrapped(reader);
  return { schema, ...(migration && { migration }), dataKey };
}

function parseMigration(json: unknown): StoreHeader['migration'] {
  if (json === undefined) return undefined;
  const reader = new JsonReader(json, 'StoreHeader.migration');
  return { to: reader.integer('to'), cursor: reader.text('cursor') };
}

function parseWrapped(reader: JsonReader): WrappedKey {
  const scrypt = new JsonReader(reader.value('scrypt'), reader.at('scrypt'));
  const cost = { N: scrypt.integer('N'), r: scrypt.integer('r'), p: scrypt.integer('p') };
  if (!isSoundCost(cost)) throw new ParseError(reader.at('scrypt'), 'expected parameters within bounds');
  return { salt: scrypt.bytes('salt'), cost, sealed: reader.bytes('sealedKey') };
}
