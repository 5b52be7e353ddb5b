import { type ContactListCommand, createContactList } from '@dimp/sdk';
import type { DeskHandler } from './desk-handler.js';
import { giveBack, keepCommand } from './kept-command.js';

/** Whom a user has blocked or muted: kept with a list, given back without one. */
export const contactListHandler: DeskHandler<ContactListCommand> = {
  kinds: ['block-command', 'mute-command'],
  async answer(command, request, parts) {
    const name = command.kind === 'block-command' ? 'block' : 'mute';
    if (command.list !== undefined) return keepCommand(name, command, request, parts);
    return giveBack(name, () => createContactList(name, []), request, parts);
  },
};
