import type { JsonObject } from '@dimp/crypto';
import { formatMeta, type ID, type Meta, parseID } from '@dimp/mkm';
import { checkID } from '../check-arguments.js';
import type { CommandDefinition, CommandHead } from '../command.js';
import { type ContentOptions, createHead } from '../content.js';
import { ContentType } from '../content-type.js';

/** Asks for a meta, or brings one. */
export interface MetaCommand extends CommandHead {
  readonly kind: 'meta-command';
  readonly id?: ID;
  /**
   * The meta that is brought; without it the command is a question. Not read yet, because one that cannot
   * be read is to be answered, not dropped: use `parseMeta` and `verifyMeta`.
   */
  readonly meta?: JsonObject;
}

declare module '../content.js' {
  interface ContentKinds {
    'meta-command': MetaCommand;
  }
}

/** Wire: `{ type: 136, command: "meta", ID, meta?: {…} }`; also read: `did` for `ID`. */
export const metaCommand: CommandDefinition<MetaCommand> = {
  code: 'meta',
  parse(reader, context) {
    const id = reader.value('ID') ?? reader.value('did');
    const meta = reader.optionalObject('meta');
    return {
      kind: 'meta-command',
      ...(id !== undefined && { id: parseID(id, context, reader.at('ID')) }),
      ...(meta && { meta }),
    };
  },
  format: ({ id, meta }) => ({ ...(id && { ID: id.text }), ...(meta && { meta }) }),
};

/** A question for the meta of an ID; with a meta, the answer or an offer. @throws {TypeError} something else than an ID */
export function createMetaCommand(id: ID, meta?: Meta, options: ContentOptions = {}): MetaCommand {
  checkID(id, 'id');
  return {
    ...createHead(ContentType.command, options),
    kind: 'meta-command',
    command: 'meta',
    id,
    ...(meta && { meta: formatMeta(meta) }),
  };
}
