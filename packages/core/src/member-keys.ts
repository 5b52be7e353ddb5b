import type { DimpError } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import { nextTurn } from '@dimp/crypto/next-turn';
import type { ID } from '@dimp/mkm';
import type { Barrack } from './barrack.js';
import type { EncryptInstantOptions } from './encryptor.js';
import { notHere, wrapKey } from './message-keys.js';
import type { SendingKey } from './sending-key.js';

/** A message key encrypted for the members of a group. */
export interface MemberKeys {
  /** Base64, by ID text. */
  readonly encryptedKeys: ReadonlyMap<string, string>;
  /** For whom nothing is known to encrypt with. */
  readonly missing: readonly ID[];
}

/** Members are served in batches of this many, so that keys in hardware work side by side. */
const batchSize = 32;

/** After so many milliseconds of work others get their turn. */
const patience = 10;

/**
 * Encrypts the message key for each member whose key is known.
 * @throws {NotFoundError} the members are not here yet, or nobody's key
 * @throws {UnsupportedError} no member has a key that can encrypt
 */
export async function wrapForMembers(
  group: ID,
  sending: SendingKey,
  barrack: Barrack,
  { signal, onProgress }: EncryptInstantOptions,
): Promise<MemberKeys> {
  const members = await loadMembers(group, barrack);
  const encryptedKeys = new Map<string, string>();
  const missing = new Map<ID, DimpError>();
  let since = performance.now();
  for (let done = 0; done < members.length; done += batchSize) {
    if (performance.now() - since > patience) {
      await nextTurn();
      since = performance.now();
    }
    signal?.throwIfAborted();
    const batch = members.slice(done, done + batchSize);
    const results = await Promise.allSettled(batch.map(member => wrapKey(member, sending, barrack)));
    results.forEach((result, index) => {
      const member = batch[index] as ID;
      // as text at once, while the bytes are still near
      if (result.status === 'fulfilled') encryptedKeys.set(member.text, encodeBase64(result.value));
      else missing.set(member, refusal(result.reason));
    });
    onProgress?.(Math.min(done + batchSize, members.length), members.length);
  }
  if (encryptedKeys.size === 0) {
    const reasons = [...missing.values()];
    // what may still come counts before what is not offered at all
    throw reasons.find(({ code }) => code === 'ERR_NOT_FOUND') ?? reasons[0];
  }
  return { encryptedKeys, missing: [...missing.keys()] };
}

async function loadMembers(group: ID, barrack: Barrack): Promise<readonly ID[]> {
  const entity = await barrack.group(group);
  if (entity === undefined) throw notHere('meta', group);
  const members = await entity.members();
  if (members === undefined || members.length === 0) throw notHere('members', group);
  return members;
}

/** Why a member gets no key: his meta or profile is not here, or he has no key that can encrypt. Others are thrown. */
function refusal(error: DimpError): DimpError {
  if (error.code === 'ERR_NOT_FOUND' || error.code === 'ERR_UNSUPPORTED') return error;
  throw error;
}
