import { createMetaCommand, createText, type MetaCommand } from '@dimp/dkd';
import { createReceipt } from '@dimp/sdk';
import { type DeskHandler, say, silence } from './desk-handler.js';
import { takeMeta } from './offered-meta.js';

/** Gives metas, and takes those that are brought. */
export const metaHandler: DeskHandler<MetaCommand> = {
  kinds: ['meta-command'],
  async answer({ id, meta: json }, _request, { account: { facebook } }) {
    if (id === undefined) return silence;
    if (json !== undefined) {
      return say((await takeMeta(json, id, facebook)) ?? createReceipt(`Meta received: ${id.text}`));
    }
    const meta = await facebook.loadMeta(id);
    return say(meta ? createMetaCommand(id, meta) : createText(`Sorry, meta for ${id.text} not found.`));
  },
};
