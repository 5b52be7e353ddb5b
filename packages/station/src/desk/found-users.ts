import type { ID } from '@dimp/mkm';
import { createSearchAnswer, type Facebook, type SearchCommand } from '@dimp/sdk';
import type { DeskAnswer } from '../desk.js';
import { say } from './desk-handler.js';

/** Users with their metas, as far as these are here. */
export async function tellUsers(
  question: SearchCommand,
  users: readonly ID[],
  facebook: Facebook,
): Promise<DeskAnswer> {
  const found = await Promise.all(
    users.map(async id => {
      const meta = await facebook.loadMeta(id);
      return { id, ...(meta && { meta }) };
    }),
  );
  return say(createSearchAnswer(question, found));
}
