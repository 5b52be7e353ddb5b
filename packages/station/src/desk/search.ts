import type { SearchCommand } from '@dimp/sdk';
import { type DeskHandler, silence } from './desk-handler.js';
import { tellUsers } from './found-users.js';

/** Users in one answer when the question does not say, and at the most. */
const defaultLimit = 20;
const maxLimit = 100;
/** How far one can turn the pages. */
const maxStart = 1_000;
/** More words, or more letters, are no question of a person. */
const maxWords = 16;
const maxLetters = 1_024;

/** Users in whose ID all of the words stand. */
export const searchHandler: DeskHandler<SearchCommand> = {
  kinds: ['search-command'],
  async answer(question, _request, { account: { facebook }, users }) {
    // an answer to a question of ours, or of somebody else
    if (question.users !== undefined || question.results !== undefined) return silence;
    const { keywords = '', start = 0, limit = defaultLimit } = question;
    const words = keywords.slice(0, maxLetters).split(/\s+/u, maxWords);
    const first = between(0, start, maxStart);
    const found = await users.search(words, first + between(0, limit, maxLimit));
    return tellUsers(question, found.slice(first), facebook);
  },
};

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
