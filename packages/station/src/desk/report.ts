import { createReceipt, type ReportCommand, reportedPresence } from '@dimp/sdk';
import { defaultAnswer } from './default-answer.js';
import { type DeskHandler, isOwn, refuse, say } from './desk-handler.js';

/** Whether a client wants what comes for its user now. There are no pushes to phones here, so tokens are not taken. */
export const reportHandler: DeskHandler<ReportCommand> = {
  kinds: ['report-command'],
  async answer(command, request) {
    const presence = reportedPresence(command);
    if (presence === undefined) return defaultAnswer(command);
    if (!isOwn(request)) return refuse('not-logged-in', request);
    const isState = command.command === 'broadcast' || command.state !== undefined;
    const text = isState ? 'Client state received' : `Client ${presence} received`;
    return { ...say(createReceipt(text)), presence: presence === 'online' };
  },
};
