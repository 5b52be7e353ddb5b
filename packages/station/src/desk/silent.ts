import type { Content } from '@dimp/dkd';
import { type DeskHandler, silence } from './desk-handler.js';

/**
 * Commands that nothing is said to. Receipts are answers themselves: two stations that answered them would never end.
 * Handshakes concern the connection and were dealt with.
 */
export const silentHandler: DeskHandler<Content> = {
  kinds: ['receipt-command', 'handshake-command'],
  answer: async () => silence,
};
