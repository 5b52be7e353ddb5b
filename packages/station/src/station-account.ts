import { describeJson, type Verified } from '@dimp/crypto';
import { type Awaitable, type ID, type Meta, NetworkType, type User } from '@dimp/mkm';
import { defaultProtocol, Facebook, registerUser } from '@dimp/sdk';
import { openStore, type Store, type StoreHolder } from '@dimp/store';
import { StationError } from './errors.js';

/** How a station's account is opened. */
export interface StationAccountOptions {
  /** The folder, which is made when it is not there. */
  readonly location: string;
  /** The name in the ID of a new account; `'station'` when absent. */
  readonly name?: string | undefined;
  /** What the account is sealed with; absent for one that lies open to who gets at the files. */
  readonly passphrase?: string | undefined;
  /** Of the RSA key of a new account; 2048 when absent. */
  readonly bits?: number | undefined;
  /** Seconds since 1970. */
  readonly clock?: (() => number) | undefined;
}

/** Another process runs a station on this data. */
export class StationRunningError extends StationError {
  /** Undefined when it did not leave its name. */
  readonly holder: StoreHolder | undefined;

  constructor(message: string, holder: StoreHolder | undefined, options: ErrorOptions) {
    super('ERR_STATION_RUNNING', message, options);
    this.holder = holder;
  }
}

/** Who the station is: its account, and what it knows of others. */
export interface StationAccount {
  readonly id: ID;
  readonly meta: Verified<Meta>;
  /** Metas and profiles of all who have been here are kept in it. */
  readonly facebook: Facebook;
  readonly store: Store;
}

/** Letters of a name, at most: an ID with it is to leave room for more within `limits.idLength`. */
export const maxStationName = 128;

/** Whether the ID of a new station can carry a name. */
export function isStationName(name: string): boolean {
  return name !== '' && name.length <= maxStationName && !/[@/\s\p{Cc}\p{Surrogate}]/u.test(name);
}

/**
 * Opens the account, or makes it on first start. While it is open no other process can open it: the lock of its store is
 * that of the station.
 * @throws {RangeError} no ID can carry the name; nothing was made then
 * @throws {StationRunningError} `ERR_STATION_RUNNING`
 * @throws {StoreError} the passphrase does not fit, the disk is full, ...
 */
export async function openStationAccount(options: StationAccountOptions): Promise<StationAccount> {
  const { name = 'station', bits } = options;
  if (!isStationName(name)) {
    throw new RangeError(
      `name: expected 1 to ${maxStationName} letters without "@", "/" and blanks, got ${describeJson(name)}`,
    );
  }
  const account = await openAccount(options, facebook =>
    registerUser(facebook, {
      name,
      network: NetworkType.station,
      ...(bits !== undefined && { bits }),
    }),
  );
  return account as StationAccount;
}

/**
 * Opens the account if there is one in its store.
 * @throws {StationRunningError} `ERR_STATION_RUNNING`
 * @throws {StoreError} the passphrase does not fit, ...
 */
export function readStationAccount(
  options: Pick<StationAccountOptions, 'location' | 'passphrase'>,
): Promise<StationAccount | undefined> {
  return openAccount(options, () => undefined);
}

async function openAccount(
  options: StationAccountOptions,
  make: (facebook: Facebook) => Awaitable<User | undefined>,
): Promise<StationAccount | undefined> {
  const { location, passphrase, clock } = options;
  const protocol = defaultProtocol();
  const store = await open(location, {
    protocol,
    ...(passphrase !== undefined && { passphrase }),
    ...(clock && { clock }),
  });
  try {
    const facebook = new Facebook({ protocol, archive: store.archive, ...(clock && { clock }) });
    const [known] = await facebook.localUsers();
    const station = known ?? (await make(facebook));
    if (station === undefined) {
      await store.close();
      return undefined;
    }
    return { id: station.id, meta: await station.meta(), facebook, store };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function open(location: string, options: Parameters<typeof openStore>[0]): Promise<Store> {
  try {
    return await openStore({ ...options, location });
  } catch (cause) {
    const { code, holder } = cause as { readonly code?: unknown; readonly holder?: StoreHolder };
    if (code !== 'ERR_STORE_LOCKED') throw cause;
    const by =
      holder === undefined
        ? 'another process'
        : `process ${holder.pid} on ${holder.host} since ${new Date(holder.since * 1000).toISOString()}`;
    throw new StationRunningError(`A station runs on ${location}: ${by}; stop it first.`, holder, { cause });
  }
}
