import { randomBytes, UsageError } from '@dimp/crypto';
import { encodeUtf8 } from '@dimp/crypto/format';
import { platform } from '#platform';
import { StoreError } from './errors.js';
import type { ScryptCost } from './platform/platform.js';

/** A data key under a passphrase. */
export interface WrappedKey {
  readonly salt: Uint8Array;
  readonly cost: ScryptCost;
  /** The data key sealed under what scrypt makes of the passphrase. */
  readonly sealed: Uint8Array;
}

/** Milliseconds that deriving should take on the machine where the passphrase is set. */
const targetTime = 250;
/** 32 MB: what a phone can spare. Slower machines do not go below one round of it. */
const memoryCost = { N: 2 ** 15, r: 8 } as const;
const mostRounds = 16;
/** What parameters from elsewhere may be. */
const mostN = 2 ** 20;
const mostR = 32;
const mostP = 64;
/** Bytes that parameters from elsewhere may ask for: what other tools use stays far below. */
const mostMemory = 2 ** 30;

/**
 * What scrypt may cost, so that deriving takes about 250 ms here: as many rounds of 32 MB as fit in, one at least.
 */
export async function tuneCost(clock: () => number = () => performance.now()): Promise<ScryptCost> {
  const begun = clock();
  await platform.scrypt(new Uint8Array(16), new Uint8Array(16), { ...memoryCost, p: 1 });
  const one = Math.max(1, clock() - begun);
  return { ...memoryCost, p: Math.min(mostRounds, Math.max(1, Math.round(targetTime / one))) };
}

/** Whether parameters from a header are such as a header of ours can have: others would only eat memory or time. */
export function isSoundCost({ N, r, p }: ScryptCost): boolean {
  const isPower = isCount(N, mostN) && N >= 2 && Number.isInteger(Math.log2(N));
  // scrypt itself is not defined for a larger N
  const isDefined = N < 2 ** (16 * r);
  return isPower && isCount(r, mostR) && isCount(p, mostP) && isDefined && 128 * N * r <= mostMemory;
}

/**
 * Whether parameters that a program gives can be read again.
 * @throws {UsageError} they are out of bounds
 */
export function checkCost(cost: ScryptCost): void {
  if (isSoundCost(cost)) return;
  const { N, r, p } = cost;
  throw new UsageError(
    `cost: got N=${N}, r=${r}, p=${p}; expected N a power of two from 2 to ${mostN} and below 2^(16 r), r from 1 to ` +
      `${mostR}, p from 1 to ${mostP}, and 128 N r at most ${mostMemory} bytes. Without it the cost is tuned.`,
  );
}

function isCount(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most;
}

/** Puts a data key under a passphrase. @throws {UsageError} an empty one, or a cost out of bounds */
export async function wrapKey(
  dataKey: Uint8Array,
  passphrase: string,
  cost: ScryptCost,
): Promise<WrappedKey> {
  if (passphrase === '') throw new UsageError('An empty passphrase protects nothing; leave it out instead.');
  checkCost(cost);
  const salt = randomBytes(32);
  const key = await derivePassphraseKey(passphrase, salt, cost);
  const sealed = await platform.createSealer(key).seal(dataKey, describeCost(cost));
  return { salt, cost, sealed };
}

/** Takes it out again. @throws {StoreError} `ERR_STORE_PASSPHRASE` */
export async function unwrapKey({ salt, cost, sealed }: WrappedKey, passphrase: string): Promise<Uint8Array> {
  const key = await derivePassphraseKey(passphrase, salt, cost);
  const dataKey = await platform.createSealer(key).open(sealed, describeCost(cost));
  if (dataKey === undefined) throw new StoreError('ERR_STORE_PASSPHRASE', 'The passphrase does not fit.');
  return dataKey;
}

/** 32 bytes from a passphrase. Keyboards differ in how they compose letters, so one form of each is taken. */
export function derivePassphraseKey(
  passphrase: string,
  salt: Uint8Array,
  cost: ScryptCost,
): Promise<Uint8Array> {
  return platform.scrypt(encodeUtf8(passphrase.normalize('NFKC')), salt, cost);
}

function describeCost({ N, r, p }: ScryptCost): Uint8Array {
  return encodeUtf8(`dimp-store data key scrypt ${N} ${r} ${p}`);
}
