import { randomBytes as secureBytes } from '@dimp/crypto';
import type { ID } from '@dimp/mkm';
import type { SearchCommand } from '@dimp/sdk';
import { type DeskHandler, silence } from './desk-handler.js';
import { tellUsers } from './found-users.js';

const maxUsers = 20;

/** Some of those who are here, others each time. */
export const onlineUsersHandler: DeskHandler<SearchCommand> = {
  kinds: ['users-command'],
  async answer(question, _request, { account: { facebook }, sessions, randomBytes = secureBytes }) {
    // an answer to a question of ours, or of somebody else
    if (question.users !== undefined || question.results !== undefined) return silence;
    const { limit = maxUsers } = question;
    const online = [...sessions.onlineUsers()];
    const count = Math.min(Math.max(limit, 0), maxUsers, online.length);
    return tellUsers(question, pick(online, count, randomBytes(count * 4)), facebook);
  },
};

/** The first steps of a shuffle. @param random four bytes for each that is wanted */
function pick(from: ID[], count: number, random: Uint8Array): readonly ID[] {
  const view = new DataView(random.buffer, random.byteOffset);
  for (let i = 0; i < count; i++) {
    const other = i + (view.getUint32(i * 4) % (from.length - i));
    [from[i], from[other]] = [from[other] as ID, from[i] as ID];
  }
  return from.slice(0, count);
}
