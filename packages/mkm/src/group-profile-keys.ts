import type { PublicKey, Verified } from '@dimp/crypto';
import type { GroupDataSource } from './data-source.js';
import type { Group } from './group.js';
import { equalID } from './id.js';
import { entityKind, type Generation } from './network.js';

/**
 * The keys that may have signed a group's profile (v1.md 5): the meta key of any known member, else the
 * owner's, else for a Polylogue whose members are unknown the key in the group's own meta, which is the
 * founder's. For other kinds with unknown owner there is none.
 */
export async function groupProfileKeys(
  group: Group,
  source: Pick<GroupDataSource, 'loadMeta'>,
  generation: Generation = 1,
): Promise<readonly PublicKey[]> {
  const members = (await group.members()) ?? [];
  const keys: PublicKey[] = [];
  for (const member of members) {
    const meta = await source.loadMeta(member);
    if (meta !== undefined) keys.push(meta.key);
  }
  const owner = await group.owner();
  if (owner !== undefined && !members.some(member => equalID(member, owner))) {
    const meta = await source.loadMeta(owner);
    if (meta !== undefined) keys.push(meta.key);
  }
  if (owner === undefined && entityKind(group.id.address.network, generation) === 'polylogue') {
    const meta: Verified<{ readonly key: PublicKey }> | undefined = await source.loadMeta(group.id);
    if (meta !== undefined) keys.push(meta.key);
  }
  return keys;
}
