import { DimpError, type JsonObject } from '@dimp/crypto';
import { createMetaCommand, createText, type MetaCommand } from '@dimp/dkd';
import { type ID, type Meta, parseMeta } from '@dimp/mkm';
import { createReceipt } from '../commands/receipt.js';
import type { Facebook } from '../default-facebook.js';
import { RefusedError } from '../errors.js';
import type { Processor, ProcessorFactory } from '../processor.js';

/** Answers questions for metas, and checks and keeps those that are brought (v1.md 13). */
export function metaProcessor(): ProcessorFactory {
  return (): Processor<MetaCommand> => ({
    kinds: ['meta-command'],
    async process({ id, meta: json }, _received, { facebook }) {
      if (id === undefined) throw new RefusedError('A meta command without ID; name whose meta is meant.');
      if (json === undefined) {
        const meta = await facebook.loadMeta(id);
        const answer = meta
          ? createMetaCommand(id, meta)
          : createText(`Sorry, meta for ${id.text} not found.`);
        return { answers: [answer] };
      }
      const accepted = await acceptMeta(json, id, facebook);
      return {
        answers: [
          accepted ? createReceipt(`Meta received: ${id.text}`) : createText(`Meta not match ID: ${id.text}`),
        ],
      };
    },
  });
}

/** Takes in a meta that was brought, if it can be read and belongs to the ID. */
export async function acceptMeta(json: JsonObject, id: ID, facebook: Facebook): Promise<boolean> {
  const meta = readMeta(json, facebook);
  return meta !== undefined && facebook.hearMeta(meta, id);
}

function readMeta(json: JsonObject, facebook: Facebook): Meta | undefined {
  try {
    return parseMeta(json, facebook.protocol);
  } catch (error) {
    // one that cannot be read matches nothing; that is the answer, so nothing is lost here
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}
