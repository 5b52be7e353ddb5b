import { DimpError, isJsonObject, type JsonObject, LimitError, limits } from '@dimp/crypto';
import {
  type CommandDefinition,
  type CommandHead,
  type ContentOptions,
  ContentType,
  createHead,
} from '@dimp/dkd';
import { formatMeta, type ID, type IdentityContext, type Meta, parseID, parseMeta } from '@dimp/mkm';

/** Which of the users found are wanted, as stations of generation 2 know it. */
export interface SearchPage {
  /** How many are passed over. */
  readonly start?: number;
  readonly limit?: number;
}

/** Asks a station for users, by words (`search`) or for some who are online (`users`), or brings them. */
export interface SearchCommand extends CommandHead, SearchPage {
  readonly kind: 'search-command' | 'users-command';
  /** Words with blanks between; what stands in a name or an ID. */
  readonly keywords?: string;
  /** Who was found. Without it the command is a question. */
  readonly users?: readonly ID[];
  /** Metas by text of ID, as they stand on the wire; `foundUsers` reads them. */
  readonly results?: JsonObject;
}

declare module '@dimp/dkd' {
  interface ContentKinds {
    'user-list-command': SearchCommand;
  }
}

/** Wire: `{ type: 136, command: "search", keywords?, start?, limit?, users?: ["name@address"], results?: { "name@address": {…} } }` */
export const searchCommand: CommandDefinition<SearchCommand> = /* @__PURE__ */ define('search');

/** Wire: `{ type: 136, command: "users", start?, limit?, users?: ["name@address"], results?: { "name@address": {…} } }` */
export const usersCommand: CommandDefinition<SearchCommand> = /* @__PURE__ */ define('users');

/** A question for users in whose name or ID these words stand. */
export function createSearch(keywords: string, options: SearchPage & ContentOptions = {}): SearchCommand {
  return { ...create('search', options), keywords };
}

/** A question for users who are online. */
export function createUsersQuery(options: SearchPage & ContentOptions = {}): SearchCommand {
  return create('users', options);
}

/** A user who was found. */
export interface FoundUser {
  readonly id: ID;
  readonly meta?: Meta;
}

/** The answer to a question, with the users in this order. */
export function createSearchAnswer(
  question: SearchCommand,
  found: readonly FoundUser[],
  options: SearchPage & ContentOptions = {},
): SearchCommand {
  const { kind, keywords } = question;
  const results = found.flatMap(({ id, meta }) => (meta ? [[id.text, formatMeta(meta)] as const] : []));
  return {
    ...create(kind === 'search-command' ? 'search' : 'users', options),
    ...(keywords !== undefined && { keywords }),
    users: found.map(({ id }) => id),
    results: Object.fromEntries(results),
  };
}

/**
 * The users in an answer, each with his meta if one came that can be read. It is not checked that it is his:
 * `facebook.saveMeta(meta, id)` does.
 */
export function foundUsers(
  { users = [], results = {} }: SearchCommand,
  context: Pick<IdentityContext, 'asymmetric' | 'metas'>,
): readonly FoundUser[] {
  return users.map(id => {
    const json = Object.hasOwn(results, id.text) ? results[id.text] : undefined;
    const meta = isJsonObject(json) ? readMeta(json, context) : undefined;
    return { id, ...(meta && { meta }) };
  });
}

function readMeta(
  json: JsonObject,
  context: Pick<IdentityContext, 'asymmetric' | 'metas'>,
): Meta | undefined {
  try {
    return parseMeta(json, context);
  } catch (error) {
    // a kind of meta from elsewhere: the user was found all the same, and his meta can be asked for
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}

function create(
  name: 'search' | 'users',
  { start, limit, ...options }: SearchPage & ContentOptions,
): SearchCommand {
  return {
    ...createHead(ContentType.command, options),
    kind: `${name}-command`,
    command: name,
    ...page(start, limit),
  };
}

function define(name: 'search' | 'users'): CommandDefinition<SearchCommand> {
  return {
    code: name,
    parse(reader, context) {
      const keywords = reader.optionalText('keywords');
      const users = reader.optionalList('users');
      if (users !== undefined && users.length > limits.groupMembers) {
        throw new LimitError(reader.at('users'), `expected at most ${limits.groupMembers} users`);
      }
      const ids = users?.map((id, index) => parseID(id, context, `${reader.at('users')}[${index}]`));
      const results = reader.optionalObject('results');
      return {
        kind: `${name}-command`,
        ...(keywords !== undefined && { keywords }),
        ...page(reader.optionalInteger('start'), reader.optionalInteger('limit')),
        ...(ids && { users: ids }),
        ...(results && { results }),
      };
    },
    format: ({ keywords, start, limit, users, results }) => ({
      ...(keywords !== undefined && { keywords }),
      ...page(start, limit),
      ...(users && { users: users.map(id => id.text) }),
      ...(results && { results }),
    }),
  };
}

function page(start: number | undefined, limit: number | undefined): SearchPage & JsonObject {
  return { ...(start !== undefined && { start }), ...(limit !== undefined && { limit }) };
}
