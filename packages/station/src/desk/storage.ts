import type { StorageCommand } from '@dimp/sdk';
import { defaultAnswer } from './default-answer.js';
import type { DeskHandler } from './desk-handler.js';
import { contactsNotFound, giveBack, keepCommand } from './kept-command.js';

/** What a user keeps here for himself: his contacts, encrypted, or as clients of before said them: in the open. */
export const storageHandler: DeskHandler<StorageCommand> = {
  kinds: ['storage-command'],
  async answer(command, request, parts) {
    if (command.title !== 'contacts') return defaultAnswer(command);
    const isQuestion = command.data === undefined && !Object.hasOwn(command.extra, 'contacts');
    if (isQuestion) return giveBack('contacts', contactsNotFound, request, parts);
    return keepCommand('contacts', command, request, parts);
  },
};
