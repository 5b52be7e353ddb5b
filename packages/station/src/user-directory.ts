import type { JsonObject } from '@dimp/crypto';
import type { Awaitable, ID } from '@dimp/mkm';

/** Commands that a user leaves at a station, to be given back as they came. */
export const keptCommands = ['contacts', 'mute', 'block', 'login'] as const;
export type KeptCommand = (typeof keptCommands)[number];

/**
 * A port: what users leave at the station beside messages. Metas and profiles are in the archive of the account.
 */
export interface UserDirectory {
  /** The JSON of a user's newest command of this name; `login` is a whole signed message. */
  load(user: ID, command: KeptCommand): Promise<JsonObject | undefined>;
  /** Resolves when it is on disk. */
  save(user: ID, command: KeptCommand, json: JsonObject): Promise<void>;
  /** Whether a user has somebody on his block list. Answered from memory after the first time, and best at once then. */
  isBlocked(by: ID, who: ID): Awaitable<boolean>;
  /** Users that the operator has shut out. */
  isBanned(user: ID): boolean;
  setBanned(user: ID, banned: boolean): Promise<void>;
  bannedUsers(): readonly ID[];
  /** Notes that somebody logged in for the first time here, so that he can be searched for. */
  add(user: ID): Promise<void>;
  /** Users whose ID holds all of the words, upper and lower case alike; at most `limit`. */
  search(words: readonly string[], limit: number): Promise<readonly ID[]>;
  /** The users who were noted last, the newest first; at most `limit`. */
  newest(limit: number): Promise<readonly ID[]>;
  readonly userCount: number;
  close(): Promise<void>;
}
