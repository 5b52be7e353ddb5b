import { DimpError, type JsonObject } from '@dimp/crypto';
import { createText, type TextContent } from '@dimp/dkd';
import { type ID, type Meta, parseMeta, verifyMeta } from '@dimp/mkm';
import type { Facebook } from '@dimp/sdk';

/**
 * Takes in a meta that somebody brings for an ID; what is to be said when it is not taken.
 * He may bring those of others, so one that could have a twin waits until its key has signed something.
 */
export async function takeMeta(
  json: JsonObject,
  id: ID,
  facebook: Facebook,
): Promise<TextContent | undefined> {
  const meta = readMeta(json, facebook);
  if (meta !== undefined && (await facebook.hearMeta(meta, id))) return undefined;
  const fits = meta !== undefined && (await verifyMeta(meta, id, facebook.protocol)) !== undefined;
  return createText(fits ? `Meta not accept: ${id.text}!` : `Meta not match ID: ${id.text}`);
}

function readMeta(json: JsonObject, { protocol }: Facebook): Meta | undefined {
  try {
    return parseMeta(json, protocol);
  } catch (error) {
    // one that cannot be read matches nothing; that is the answer, so nothing is lost here
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}
