import { isJsonObject, type JsonObject, type JsonValue, unsafeMarkVerified } from '@dimp/crypto';
import {
  createProfile,
  formatProfile,
  groupProfileKeys,
  parseID,
  parseProfile,
  profileAvatar,
  profileKey,
  profileName,
  signProfile,
  verifyProfile,
} from '@dimp/mkm';
import { groupOf, userOf } from '../accounts.js';
import { expectEqual, type Operation } from '../operation.js';
import { createWorld } from '../world.js';

/** Profiles signed, checked and read. */
export const profileOperations: readonly Operation[] = [
  {
    // how the JSON text is spelled is free: the text of the case, signed again, must give its signature
    code: 'profile-sign',
    async run(input, { accounts, protocol, expected }) {
      const user = userOf(accounts, input.value('user'));
      const { metaKey } = user.keys();
      const id = parseID(input.value('ID'), protocol);
      const properties = propertiesOf(input.optionalList('properties') ?? []);
      const ours = await signProfile(createProfile(id, properties), metaKey);
      const isGood = (await verifyProfile(ours, id, [user.meta.key])) !== undefined;
      expectEqual(isGood, true, 'our own signature is good');
      const { signature: _, ...theirs } = isJsonObject(expected['profile']) ? expected['profile'] : {};
      const profile = parseProfile(theirs, protocol);
      expectEqual(profile.properties, properties, 'profile.data');
      return { profile: formatProfile(await signProfile(profile, metaKey)) };
    },
  },
  {
    // the ID is not under the signature, so whether it is the expected one is another question
    code: 'profile-verify',
    async run(input, { accounts, protocol }) {
      const profile = parseProfile(input.value('profile'), protocol);
      const { key } = userOf(accounts, input.value('user')).meta;
      return { valid: (await verifyProfile(profile, profile.id, [key])) !== undefined };
    },
  },
  {
    code: 'profile-read',
    run(input, { protocol }) {
      const profile = parseProfile(input.value('profile'), protocol);
      return {
        name: profileName(profile) ?? null,
        avatar: profileAvatar(profile) ?? null,
        // the case takes it as good
        key: profileKey(unsafeMarkVerified(profile), protocol)?.json ?? null,
      };
    },
  },
  {
    code: 'group-profile-verify',
    async run(input, { accounts, protocol }) {
      const { id } = groupOf(accounts, input.value('group'));
      const members: JsonObject = { [id.text]: input.value('members') ?? null };
      const world = await createWorld(accounts, protocol, {
        knownMetas: input.value('known_metas'),
        members,
      });
      const group = await world.group(id);
      if (group === undefined) return { valid: false };
      const profile = parseProfile(input.value('profile'), protocol);
      const keys = await groupProfileKeys(group, world.barrack);
      return { valid: (await verifyProfile(profile, id, keys)) !== undefined };
    },
  },
];

function propertiesOf(pairs: readonly JsonValue[]): JsonObject {
  return Object.fromEntries(pairs.map(pair => (Array.isArray(pair) ? [String(pair[0]), pair[1]] : [])));
}
