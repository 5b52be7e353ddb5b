import type { KeyPolicy, Protocol } from '@dimp/core';
import { concatBytes, randomBytes, UsageError } from '@dimp/crypto';
import { hasMember, mistaken } from '@dimp/crypto/check-arguments';
import { sha256 } from '@dimp/crypto/digest';
import { encodeUtf8 } from '@dimp/crypto/format';
import { defaultProtocol, type Retention } from '@dimp/sdk';
import { platform } from '#platform';
import { ArchiveNews } from './archive-news.js';
import { checkStoreOptions } from './check-arguments.js';
import { Claims } from './claims.js';
import { ConversationEditor } from './conversation-editor.js';
import { ConversationMemory } from './conversation-memory.js';
import type { Database, OpenedDatabase, Sharing } from './database.js';
import { Disk } from './disk.js';
import { asReadError, StoreError } from './errors.js';
import { hasHeader, loadHeader, lostHeader, type StoreHeader, saveHeader } from './header.js';
import { KeyMemory } from './key-memory.js';
import { KeyTurns } from './key-turns.js';
import { Ledger } from './ledger.js';
import type { LastNumbers } from './numbers.js';
import { OpenedStore } from './opened-store.js';
import type { PartsContext } from './parts.js';
import { tuneCost, unwrapKey, wrapKey } from './passphrase.js';
import type { ScryptCost } from './platform/platform.js';
import { RecordKeys } from './record-key.js';
import { ReplayIndex } from './replay-index.js';
import { checkSchema, currentSchema, migrate, type Schema } from './schema.js';
import type { Store } from './store.js';
import type { StoreReplayOptions } from './store-replay-memory.js';
import { Sweeper } from './sweeper.js';

/** How a store is opened. One of `location` and `database` says where it is. */
export interface StoreOptions {
  /** In Node a folder, which is made when it is not there; in browsers a name. */
  readonly location?: string;
  /** Any abstract-level database, or a sublevel of one. The store closes it. */
  readonly database?: Database;
  /**
   * Absent for a store that lies open, see `Store.protection`. Undefined is refused: a variable that is not set must
   * not leave a store open.
   */
  readonly passphrase?: string;
  /** What a new store's passphrase costs to try; tuned to about 250 ms on this machine when absent. */
  readonly cost?: ScryptCost;
  /** `defaultProtocol()` when absent. */
  readonly protocol?: Protocol;
  /** How long message keys are used for sending; a new one for each message when absent. */
  readonly policy?: KeyPolicy;
  /** How many message keys are kept, one for each direction; those not used for longest go. 10,000 when absent. */
  readonly keyCapacity?: number;
  readonly replay?: StoreReplayOptions;
  /** How much of each conversation is kept; everything when absent. */
  readonly retention?: Retention;
  /** Seconds since 1970. */
  readonly clock?: () => number;
}

/**
 * Opens a store, or makes a new one where there is none.
 *
 * With a passphrase a new store is sealed with AES-256-GCM under a random key, and that under what scrypt makes of the
 * passphrase. Without one it lies open to whoever gets at the files: `protection` says so.
 * @throws {TypeError} an option of another kind, and a passphrase that is there and undefined
 * @throws {UsageError} an empty passphrase, and a cost out of bounds for a new store
 * @throws {StoreError} `ERR_STORE_PASSPHRASE`, `ERR_STORE_PASSPHRASE_NEEDED`, `ERR_STORE_UNPROTECTED`,
 * `ERR_STORE_LOCKED`, `ERR_STORE_NEWER`, `ERR_STORE_CORRUPT`, `ERR_STORE_FULL`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  checkStoreOptions(options);
  return openStoreAs(options);
}

/**
 * Makes what can be made of a store at a location whose database does not open. Call it while nobody has it open; then
 * open it and call `verify()`.
 * @returns what was done, for people
 * @throws {StoreError} `ERR_STORE_LOCKED`, `ERR_STORE_CORRUPT`
 */
export async function repairStore(location: string): Promise<string> {
  if (typeof location !== 'string')
    throw mistaken('location', 'a text', location, 'it is the path that openStore() was given');
  return platform.repairLocation(location);
}

/** As `openStore`, with the store's insides; the schema is a parameter because that is how migrations are tested. */
export async function openStoreAs(
  options: StoreOptions,
  schema: Schema = currentSchema,
): Promise<OpenedStore> {
  const disk = new Disk(await openDatabase(options));
  try {
    const found = await loadHeader(disk);
    if (found !== undefined) checkSchema(found, schema);
    else if (!(await isEmpty(disk))) throw lostHeader();
    const dataKey = found === undefined ? randomBytes(32) : await openDataKey(found, options.passphrase);
    const sealer = platform.createSealer(derive(dataKey, 'seal'));
    const keys = new RecordKeys(derive(dataKey, 'names'));
    const ledger = new Ledger(disk, sealer);
    const header =
      found === undefined
        ? await createHeader(ledger, dataKey, schema, options)
        : await migrate(found, schema, ledger, keys);
    const context = createContext(keys, disk.sharing, options);
    ledger.onStale(() => {
      context.lastNumbers.clear();
      context.editor.context.memory.clear();
    });
    ledger.onDropped(() => context.replayIndex.clear());
    const store = new OpenedStore({ disk, ledger, sealer, header, dataKey, context });
    disk.sharing?.onTold(told => {
      const reading = hasHeader(told) ? store.refreshHeader() : context.news.tell(told, ledger);
      // one that cannot be read is for whoever looks at it
      reading.catch(() => undefined);
    });
    // another tab may have changed it before this one listened
    if (disk.sharing !== undefined) await store.refreshHeader();
    disk.sharing?.ready();
    if (options.retention !== undefined) {
      void store.whenFirst.then(() =>
        context.editor.context.sweeper.start(async () => store.conversations.sweep()),
      );
    }
    return store;
  } catch (error) {
    // why it came to nothing says more than why it does not close
    await disk.close().catch(() => undefined);
    throw error;
  }
}

async function openDatabase({ location, database }: StoreOptions): Promise<OpenedDatabase> {
  if ((location === undefined) === (database === undefined)) {
    throw new UsageError('Say where the store is: by location, or by a database.');
  }
  if (location !== undefined) return platform.openLocation(location);
  if (!isDatabase(database)) {
    throw mistaken(
      'options.database',
      'an abstract-level database',
      database,
      'createMemoryDatabase() is one',
    );
  }
  try {
    await database.open();
  } catch (error) {
    throw asReadError(error);
  }
  return { database };
}

function isDatabase(value: unknown): value is Database {
  return (['supports', 'open', 'batch', 'iterator'] as const).every(name => hasMember(value, name));
}

async function openDataKey({ dataKey }: StoreHeader, passphrase: string | undefined): Promise<Uint8Array> {
  if (dataKey instanceof Uint8Array) {
    if (passphrase === undefined) return dataKey.slice();
    throw new StoreError(
      'ERR_STORE_UNPROTECTED',
      'The store has no passphrase; open it without one and call changePassphrase().',
    );
  }
  if (passphrase !== undefined) return unwrapKey(dataKey, passphrase);
  throw new StoreError('ERR_STORE_PASSPHRASE_NEEDED', 'The store is sealed; give its passphrase.');
}

async function createHeader(
  ledger: Ledger,
  dataKey: Uint8Array,
  schema: Schema,
  { passphrase, cost }: StoreOptions,
): Promise<StoreHeader> {
  const kept =
    passphrase === undefined
      ? dataKey.slice()
      : await wrapKey(dataKey, passphrase, cost ?? (await tuneCost()));
  const header: StoreHeader = { schema: schema.number, dataKey: kept };
  await ledger.changePlain(records => saveHeader(records, header));
  return header;
}

async function isEmpty(disk: Disk): Promise<boolean> {
  for await (const _ of disk.scan({ gte: Uint8Array.of(0), lt: Uint8Array.of(0xff), limit: 1 })) return false;
  return true;
}

/** What the parts of a store share. */
export function createContext(
  keys: RecordKeys,
  sharing: Sharing | undefined,
  options: StoreOptions,
): PartsContext {
  const { policy, replay, retention = {}, clock = () => Math.floor(Date.now() / 1000) } = options;
  const protocol = options.protocol ?? defaultProtocol();
  const lastNumbers: LastNumbers = new Map();
  return {
    protocol,
    keys,
    clock,
    replayIndex: new ReplayIndex(),
    lastNumbers,
    claims: new Claims(sharing),
    news: new ArchiveNews(protocol),
    keyTurns: new KeyTurns({ keys, protocol, last: lastNumbers, capacity: options.keyCapacity ?? 10_000 }),
    keyMemory: new KeyMemory(),
    editor: new ConversationEditor({
      keys,
      protocol,
      retention,
      clock,
      memory: new ConversationMemory(),
      sweeper: new Sweeper(),
    }),
    ...(policy && { policy }),
    ...(replay && { replay }),
  };
}

/** A key for one purpose from the data key, which has a fixed length, so a plain hash will do. */
function derive(dataKey: Uint8Array, purpose: string): Uint8Array {
  return sha256(concatBytes(encodeUtf8(`dimp-store ${purpose} `), dataKey));
}
