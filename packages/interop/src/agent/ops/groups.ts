import { type JsonReader, NotFoundError } from '@dimp/crypto';
import {
  broadcastGroup,
  createProfile,
  equalID,
  formatMeta,
  formatProfile,
  type Group,
  generateMeta,
  type ID,
  isBroadcastID,
  NetworkType,
  signProfile,
} from '@dimp/mkm';
import { readID, readIDs, readOptionalIDs, readOptionalObject } from '../arguments.js';
import type { AgentOperation } from '../operation.js';
import type { Session } from '../session.js';
import { keepMeta, keepProfile } from './keeping.js';

/** Groups and who is in them. */
export const groupOperations: readonly AgentOperation[] = [
  {
    code: 'generate_group',
    async run(args, { session }) {
      const { facebook, protocol } = session;
      const founder = await session.requireLocalUser(readID(args, 'founder', protocol));
      const keys = await facebook.loadUserKeys(founder);
      if (keys === undefined)
        throw new NotFoundError('private key', founder.text, 'import the founder first.');
      const meta = await generateMeta(keys.metaKey, args.text('name'), protocol);
      const id = facebook.idOf(meta, args.optionalInteger('network') ?? NetworkType.group);
      await facebook.saveMeta(meta, id);
      const members = withFounder(readOptionalIDs(args, 'members', protocol) ?? [], founder);
      await facebook.saveMembers(id, members);
      const properties = readOptionalObject(args, 'profile');
      const profile = properties && (await signProfile(createProfile(id, properties), keys.metaKey));
      if (profile !== undefined) await facebook.saveProfile(profile, id);
      return {
        ID: id.text,
        meta: formatMeta(meta),
        members: textsOf(members),
        profile: profile === undefined ? null : formatProfile(profile),
      };
    },
  },
  {
    code: 'import_group',
    run: async (args, { session }) => ({ ID: (await importGroup(args, session)).text }),
  },
  {
    code: 'set_members',
    async run(args, { session: { facebook, protocol } }) {
      const group = readID(args, 'group', protocol);
      const members = readOptionalIDs(args, 'members', protocol);
      if (members === undefined) await facebook.forgetMembers(group);
      else await facebook.saveMembers(group, members);
      return true;
    },
  },
  {
    code: 'get_members',
    async run(args, { session: { facebook, protocol } }) {
      const id = readID(args, 'group', protocol);
      // the list may be here before the meta is
      const members = isBroadcastID(id) ? broadcastGroup(id).members : await facebook.archive.loadMembers(id);
      return members === undefined ? null : textsOf(members);
    },
  },
  {
    code: 'set_assistants',
    async run(args, { session: { facebook, protocol } }) {
      await facebook.saveAssistants(readID(args, 'group', protocol), readIDs(args, 'assistants', protocol));
      return true;
    },
  },
  {
    code: 'group_info',
    async run(args, { session }) {
      const group = await loadGroup(args, session);
      const members = await group.members();
      return {
        founder: (await group.founder())?.text ?? null,
        owner: (await group.owner())?.text ?? null,
        members: members === undefined ? null : textsOf(members),
      };
    },
  },
];

/** Keeps a group: `ID`, `meta`, and what is given of members, profile and assistants. */
export async function importGroup(args: JsonReader, session: Session): Promise<ID> {
  const { facebook, protocol } = session;
  const id = readID(args, 'ID', protocol);
  await keepMeta(args, id, session);
  // the members first: a group's profile is signed by one of them
  const members = readOptionalIDs(args, 'members', protocol);
  if (members !== undefined) await facebook.saveMembers(id, members);
  await keepProfile(args, id, session);
  const assistants = readOptionalIDs(args, 'assistants', protocol);
  if (assistants !== undefined) await facebook.saveAssistants(id, assistants);
  return id;
}

async function loadGroup(args: JsonReader, { facebook, protocol }: Session): Promise<Group> {
  const id = readID(args, 'group', protocol);
  const group = await facebook.group(id);
  if (group !== undefined) return group;
  throw new NotFoundError('meta', id.text, 'import the group first.');
}

function withFounder(members: readonly ID[], founder: ID): readonly ID[] {
  return members.some(member => equalID(member, founder)) ? members : [founder, ...members];
}

function textsOf(ids: readonly ID[]): readonly string[] {
  return ids.map(id => id.text);
}
