import { formatJson } from '@dimp/crypto';
import { formatContent, parseContent } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import { userOf } from '../accounts.js';
import { refused } from '../compare.js';
import { createReader } from '../exchange.js';
import type { Operation } from '../operation.js';
import { createSender } from '../sending.js';
import { createWorld } from '../world.js';

/** Messages offered to somebody, and messages to somebody of whom something is missing. */
export const unpackingOperations: readonly Operation[] = [
  {
    code: 'unpack',
    async run(input, { accounts, protocol }) {
      const as = userOf(accounts, input.value('as'));
      const facebook = await createWorld(accounts, protocol, { as, knownMetas: input.value('known_metas') });
      const text = formatJson(input.value('message') ?? null, 'message');
      const received = await createReader(facebook).processPackage(text, { as: as.id });
      if (received.kind === 'rejected') throw received.error;
      if (received.kind === 'suspended') return { suspended: true };
      if (received.kind !== 'accepted') return refused;
      return { content: formatContent(received.message.content, protocol) };
    },
  },
  {
    // how often the application is asked to wait: once for the message, or once for each member left out
    code: 'pack',
    async run(input, { accounts, protocol }) {
      const as = userOf(accounts, input.value('sender'));
      const facebook = await createWorld(accounts, protocol, { as, knownMetas: input.value('known_metas') });
      const { messenger, suspended } = createSender(facebook);
      const content = parseContent(input.value('content'), protocol);
      const sent = await messenger.sendContent(content, parseID(input.value('receiver'), protocol), {
        sender: as.id,
      });
      await messenger.close();
      const [message] = sent.kind === 'sent' ? sent.messages : [];
      return {
        message: message === undefined ? null : 'sent',
        key_owners: [...(message?.encryptedKeys?.keys() ?? [])].sort(),
        suspended: suspended.length,
      };
    },
  },
];
