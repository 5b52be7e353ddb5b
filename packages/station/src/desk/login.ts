import { type JsonObject, parseJsonObject } from '@dimp/crypto';
import { formatReliableMessage, isBroadcast, parseReliableMessage } from '@dimp/dkd';
import { equalID } from '@dimp/mkm';
import type { LoginCommand } from '@dimp/sdk';
import { createStationReceipt } from '../receipts.js';
import { type DeskHandler, type DeskParts, isOwn, refuse, say, silence } from './desk-handler.js';

/** Seconds that a client's clock may be ahead. A login of next year would keep out all before. */
const maxAhead = 3_600;

/**
 * Where a user logged in. The whole message is kept, to be forwarded to who asks for his profile: a login that was not
 * broadcast could be opened by nobody, so it is received and that is all.
 */
export const loginHandler: DeskHandler<LoginCommand> = {
  kinds: ['login-command'],
  async answer(command, request, parts) {
    const { sender, session, signed, time } = request;
    if (command.id !== undefined && !equalID(command.id, sender)) return silence;
    if (!isOwn(request) && !session.isNeighbour) return refuse('not-logged-in', request);
    const { envelope } = signed;
    const since = command.time ?? envelope.time ?? 0;
    if (since > time + maxAhead) return silence;
    if (isBroadcast(envelope)) {
      const known = await parts.users.load(sender, 'login');
      const before = known === undefined ? -1 : timeOf(known, parts);
      if (since < before) return silence;
      if (since > before) await parts.users.save(sender, 'login', formatReliableMessage(signed));
    }
    return say(createStationReceipt('Login received', signed));
  },
};

/** What a login that is kept says as its time. */
function timeOf(json: JsonObject, { account: { facebook } }: DeskParts): number {
  const message = parseReliableMessage(json, facebook.protocol);
  const { time } = parseJsonObject(message.data, 'login');
  return time === undefined ? (message.envelope.time ?? 0) : Number(time);
}
