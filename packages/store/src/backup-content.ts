import {
  exportKey,
  JsonReader,
  type JsonValue,
  ParseError,
  type PrivateKey,
  parsePrivateKey,
} from '@dimp/crypto';
import { decodeUtf8, encodeUtf8 } from '@dimp/crypto/format';
import {
  formatMeta,
  formatProfile,
  type ID,
  type IdentityContext,
  type Meta,
  type Profile,
  parseID,
} from '@dimp/mkm';
import type { ProfileKey, UserKeys } from '@dimp/sdk';

/** What is known of a user or group. Still JSON, so that one that cannot be read does not keep back the others. */
export interface EntityBackup {
  readonly id: string;
  readonly meta: JsonValue;
  readonly profile?: JsonValue;
}

/** A group, with what its profile does not say. */
export interface GroupBackup {
  readonly id: ID;
  /** Undefined when they were not known. */
  readonly members?: readonly ID[];
  readonly assistants: readonly ID[];
}

/** What is inside a backup. */
export interface AccountBackup {
  readonly user: ID;
  /** When it was made, in seconds. */
  readonly time: number;
  readonly keys: UserKeys;
  /** The user himself, contacts, groups, members and assistants of groups. */
  readonly entities: readonly EntityBackup[];
  readonly contacts: readonly ID[];
  readonly groups: readonly GroupBackup[];
  /** Short names that people gave to these IDs. */
  readonly names: ReadonlyMap<string, ID>;
  /** What other parts of a program put in, by their names. */
  readonly parts: ReadonlyMap<string, JsonValue>;
}

/** An entity for a backup. */
export function createEntityBackup(id: ID, meta: Meta, profile: Profile | undefined): EntityBackup {
  return {
    id: id.text,
    meta: formatMeta(meta),
    ...(profile !== undefined && { profile: formatProfile(profile) }),
  };
}

/** The content of a backup as bytes. @throws {UnsupportedError} a private key that does not give its bytes away */
export function formatContent(backup: AccountBackup): Uint8Array {
  const { user, time, keys, entities, contacts, groups, names, parts } = backup;
  return encodeUtf8(
    JSON.stringify({
      user: user.text,
      time,
      keys: {
        metaKey: exportKey(keys.metaKey),
        profileKeys: keys.profileKeys.map(({ key, retired }) => ({ key: exportKey(key), retired })),
      },
      entities,
      contacts: contacts.map(textOf),
      groups: groups.map(({ id, members, assistants }) => ({
        id: id.text,
        members: members?.map(textOf),
        assistants: assistants.map(textOf),
      })),
      names: [...names].map(([name, id]) => ({ name, id: id.text })),
      parts: Object.fromEntries(parts),
    }),
  );
}

/**
 * Reads it again. Nothing in it has been verified yet; it is not bounded by `limits`, since whoever knows the
 * passphrase made it.
 * @throws {ParseError} something is missing or of another type
 * @throws {UnsupportedError} an algorithm or a kind of address that the context does not know
 */
export function parseContent(content: Uint8Array, context: IdentityContext): AccountBackup {
  const reader = new JsonReader(parseText(content), 'Backup');
  const keys = new JsonReader(reader.value('keys'), reader.at('keys'));
  return {
    user: readID(reader, 'user', context),
    time: reader.integer('time'),
    keys: {
      metaKey: readKey(keys, 'metaKey', context),
      profileKeys: readObjects(keys, 'profileKeys').map((entry): ProfileKey => {
        const retired = entry.optionalInteger('retired');
        return { key: readKey(entry, 'key', context), ...(retired !== undefined && { retired }) };
      }),
    },
    entities: readObjects(reader, 'entities').map(readEntity),
    contacts: readIDs(reader, 'contacts', context),
    groups: readObjects(reader, 'groups').map(group => ({
      id: readID(group, 'id', context),
      ...(group.has('members') && { members: readIDs(group, 'members', context) }),
      assistants: readIDs(group, 'assistants', context),
    })),
    names: new Map(
      readObjects(reader, 'names').map(entry => [entry.text('name'), readID(entry, 'id', context)]),
    ),
    parts: new Map(Object.entries(reader.object('parts'))),
  };
}

function parseText(content: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(content));
  } catch {
    // no cause: the engine's message quotes the text, and private keys are in it
    throw new ParseError('Backup', 'expected JSON text');
  }
}

function readEntity(entity: JsonReader): EntityBackup {
  const profile = entity.value('profile');
  return {
    id: entity.text('id'),
    meta: entity.object('meta'),
    ...(profile !== undefined && { profile }),
  };
}

function readKey(reader: JsonReader, name: string, context: IdentityContext): PrivateKey {
  return parsePrivateKey(reader.object(name), context, reader.at(name));
}

function readObjects(reader: JsonReader, name: string): readonly JsonReader[] {
  const list = reader.optionalList(name) ?? reader.missing(name, 'a list');
  return list.map((value, index) => new JsonReader(value, `${reader.at(name)}[${index}]`));
}

function readID(reader: JsonReader, name: string, context: IdentityContext): ID {
  return parseID(reader.value(name), context, reader.at(name));
}

function readIDs(reader: JsonReader, name: string, context: IdentityContext): readonly ID[] {
  const list = reader.optionalList(name) ?? reader.missing(name, 'a list');
  return list.map((value, index) => parseID(value, context, `${reader.at(name)}[${index}]`));
}

function textOf({ text }: ID): string {
  return text;
}
