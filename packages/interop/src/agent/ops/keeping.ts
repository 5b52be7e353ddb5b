import type { JsonReader } from '@dimp/crypto';
import { type ID, parseMeta, parseProfile } from '@dimp/mkm';
import { RefusedError } from '@dimp/sdk';
import type { Session } from '../session.js';

/** Keeps the meta of an import. @throws {RefusedError} it does not belong to the ID */
export async function keepMeta(args: JsonReader, id: ID, { facebook, protocol }: Session): Promise<void> {
  const meta = parseMeta(args.value('meta'), protocol, args.at('meta'));
  if (!(await facebook.saveMeta(meta, id))) throw new RefusedError(`The meta does not belong to ${id.text}.`);
}

/** Keeps the profile of an import, if it has one. @throws {RefusedError} it was not signed for the ID */
export async function keepProfile(args: JsonReader, id: ID, { facebook, protocol }: Session): Promise<void> {
  const json = args.value('profile');
  if (json === undefined) return;
  const profile = parseProfile(json, protocol, args.at('profile'));
  if (!(await facebook.saveProfile(profile, id))) {
    throw new RefusedError(`The profile was not signed for ${id.text}.`);
  }
}
