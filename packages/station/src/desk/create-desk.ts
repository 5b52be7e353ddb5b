import type { DimpError } from '@dimp/crypto';
import { isCommand } from '@dimp/dkd';
import type { Desk } from '../desk.js';
import { contactListHandler } from './contact-list.js';
import { defaultAnswer } from './default-answer.js';
import { type DeskHandler, type DeskParts, refuse, silence } from './desk-handler.js';
import { loginHandler } from './login.js';
import { metaHandler } from './meta.js';
import { onlineUsersHandler } from './online-users.js';
import { profileHandler } from './profile.js';
import { reportHandler } from './report.js';
import { searchHandler } from './search.js';
import { silentHandler } from './silent.js';
import { storageHandler } from './storage.js';

/** All that is answered, handshakes excepted. A new command is a file beside these, and one line here. */
const handlers: readonly DeskHandler[] = [
  contactListHandler,
  loginHandler,
  metaHandler,
  onlineUsersHandler,
  profileHandler,
  reportHandler,
  searchHandler,
  silentHandler,
  storageHandler,
];

/** Seconds after which a disk may take something again. */
const storageRetry = 10;

/**
 * A desk with the answers of generation 1, word for word. Commands that nothing is for get the default answer; whatever
 * is no command is for people, of whom there are none here.
 */
export function createDesk(parts: DeskParts): Desk {
  const byKind = new Map(handlers.flatMap(handler => handler.kinds.map(kind => [kind, handler] as const)));
  return {
    async answer(content, request) {
      if (!isCommand(content)) return silence;
      parts.metrics.command(content.command);
      const handler = byKind.get(content.kind);
      if (handler === undefined) return defaultAnswer(content);
      try {
        return await handler.answer(content, request, parts);
      } catch (error) {
        if (!isStorageError(error)) throw error;
        parts.log?.logger.error({ err: error, command: content.kind }, 'command not carried out');
        return refuse('storage', request, storageRetry);
      }
    },
  };
}

function isStorageError(error: unknown): boolean {
  const code = String((error as DimpError).code);
  return code === 'ERR_STATION_STORAGE' || code.startsWith('ERR_STORE_');
}
