import type { JsonObject } from '@dimp/crypto';
import { isJsonObject, UsageError } from '@dimp/crypto';
import { encodeBase64 } from '@dimp/crypto/format';
import { formatMeta, type ID, type Meta, type Profile, parseID } from '@dimp/mkm';
import { check, checkID } from '../check-arguments.js';
import type { CommandDefinition, CommandHead } from '../command.js';
import { type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';

/** Asks for a profile, or brings one. */
export interface ProfileCommand extends CommandHead {
  readonly kind: 'profile-command';
  readonly id?: ID;
  /**
   * As it came: the signed text (old layout, its signature stands beside it), or the whole profile object
   * (new layout). Without it the command is a question. See `commandProfile`.
   */
  readonly profile?: string | JsonObject;
  /** Base64: of the old layout; in a question, of the profile the asker has already. */
  readonly signature?: string;
  /** Not read yet, see `MetaCommand`. */
  readonly meta?: JsonObject;
}

declare module '../content.js' {
  interface ContentKinds {
    'profile-command': ProfileCommand;
  }
}

/** Wire: `{ type: 136, command: "profile", ID, profile?: "<JSON text>", signature?, meta? }`; also read: `did` for `ID`. */
export const profileCommand: CommandDefinition<ProfileCommand> = {
  code: 'profile',
  parse(reader, context) {
    const id = reader.value('ID') ?? reader.value('did');
    const profile = reader.value('profile');
    const signature = reader.optionalText('signature');
    const meta = reader.optionalObject('meta');
    if (profile !== undefined && typeof profile !== 'string' && !isJsonObject(profile)) {
      throw reader.error('profile', 'text or an object', profile);
    }
    return {
      kind: 'profile-command',
      ...(id !== undefined && { id: parseID(id, context, reader.at('ID')) }),
      ...(profile !== undefined && { profile }),
      ...(signature !== undefined && { signature }),
      ...(meta && { meta }),
    };
  },
  format: ({ id, profile, signature, meta }) => ({
    ...(id && { ID: id.text }),
    ...(profile !== undefined && { profile }),
    ...(signature !== undefined && { signature }),
    ...(meta && { meta }),
  }),
};

/** The profile object that a command brings, in either layout; for `parseProfile`. Undefined for a question. */
export function commandProfile(command: ProfileCommand): JsonObject | undefined {
  const { id, profile, signature } = command;
  if (profile === undefined || typeof profile !== 'string') return profile;
  return {
    ...(id && { ID: id.text }),
    data: profile,
    ...(signature !== undefined && { signature }),
  };
}

/** A question for the profile of an ID. @throws {TypeError} something else than an ID */
export function createProfileQuery(id: ID, options: ContentOptions = {}): ProfileCommand {
  checkID(id, 'id');
  return {
    ...createHead(ContentType.command, options),
    kind: 'profile-command',
    command: 'profile',
    id,
  };
}

/**
 * Brings a profile, in the old layout, which everybody reads.
 * @throws {UsageError} when the profile is not signed
 * @throws {TypeError} something else than an ID and a profile
 */
export function createProfileCommand(
  id: ID,
  profile: Profile,
  meta?: Meta,
  options: ContentOptions = {},
): ProfileCommand {
  checkID(id, 'id');
  check(profile?.properties, 'profile', 'a Profile', profile);
  const { data, signature } = profile;
  if (data === undefined || signature === undefined) {
    throw new UsageError(`The profile of ${id.text} is not signed; sign it with signProfile() first.`);
  }
  return {
    ...createProfileQuery(id, options),
    profile: data,
    signature: encodeBase64(signature),
    ...(meta && { meta: formatMeta(meta) }),
  };
}
