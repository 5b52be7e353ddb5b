import { type JsonObject, type JsonReader, unsafeMarkVerified } from '@dimp/crypto';
import {
  type Entity,
  Group,
  type ID,
  isGroupID,
  Polylogue,
  parseID,
  parseProfile,
  Robot,
  ServiceProvider,
  Station,
  User,
} from '@dimp/mkm';
import type { Facebook } from '@dimp/sdk';
import { userOf } from '../accounts.js';
import { VectorFormError } from '../case.js';
import { refused } from '../compare.js';
import type { CaseContext, Operation } from '../operation.js';
import { createWorld } from '../world.js';

/** Users, groups and stations. */
export const entityOperations: readonly Operation[] = [
  { code: 'broadcast-group', run: describeGroup },
  { code: 'group-info', run: describeGroup },
  {
    code: 'entity-name',
    async run(input, context) {
      const entity = await loadEntity(input, context);
      if (entity === undefined) return refused;
      const { network, number } = entity.id.address;
      return { class: className(entity), name: await entity.name(), type: network, number };
    },
  },
  {
    code: 'entity-class',
    async run(input, context) {
      const entity = await loadEntity(input, context);
      return entity === undefined ? refused : { class: className(entity) };
    },
  },
  {
    code: 'station',
    async run(input, context) {
      const station = await loadEntity(input, context);
      if (!(station instanceof Station)) return refused;
      const { host, port } = await station.location();
      return { host, port };
    },
  },
  {
    code: 'encrypt-key',
    async run(input, { accounts, protocol }) {
      const { id } = userOf(accounts, input.value('user'));
      const user = await (await createWorld(accounts, protocol)).user(id);
      if (user === undefined) throw new VectorFormError(`expected a user, got ${id.text}`);
      const { source, publicKey } = await user.encryptionKey();
      return { source, key: publicKey.json };
    },
  },
];

async function describeGroup(input: JsonReader, { accounts, protocol }: CaseContext): Promise<JsonObject> {
  const id = parseID(input.value('ID'), protocol);
  const members: JsonObject = input.has('members') ? { [id.text]: input.value('members') ?? null } : {};
  const group = await (await createWorld(accounts, protocol, { members })).group(id);
  if (group === undefined) return refused;
  return {
    founder: textOf(await group.founder()),
    owner: textOf(await group.owner()),
    members: (await group.members())?.map(member => member.text) ?? null,
  };
}

/** The entity of `ID`, with the profile of the case if it gives one; undefined when its meta is not here. */
async function loadEntity(
  input: JsonReader,
  { accounts, protocol }: CaseContext,
): Promise<Entity | undefined> {
  const id = parseID(input.value('ID'), protocol);
  const facebook: Facebook = await createWorld(accounts, protocol, {
    knownProfiles: input.has('profile') ? [] : 'all',
  });
  const profile = input.value('profile');
  // profiles of cases are good unless they say otherwise
  if (profile !== undefined)
    await facebook.archive.saveProfile(id, unsafeMarkVerified(parseProfile(profile, protocol)));
  return isGroupID(id) ? facebook.group(id) : facebook.user(id);
}

function className(entity: Entity): string {
  return classes.find(([type]) => entity instanceof type)?.[1] ?? 'Entity';
}

/** The narrower first. */
const classes: readonly (readonly [abstract new (...args: never[]) => unknown, string])[] = [
  [Robot, 'Robot'],
  [Station, 'Station'],
  [User, 'User'],
  [Polylogue, 'Polylogue'],
  [ServiceProvider, 'ServiceProvider'],
  [Group, 'Group'],
];

function textOf(id: ID | undefined): string | null {
  return id?.text ?? null;
}
