import { DimpError, type JsonObject } from '@dimp/crypto';
import {
  type Content,
  commandProfile,
  createProfileCommand,
  createText,
  type ProfileCommand,
} from '@dimp/dkd';
import { equalID, type ID, type Profile, parseProfile, profileTime } from '@dimp/mkm';
import { createReceipt } from '../commands/receipt.js';
import type { Facebook } from '../default-facebook.js';
import { RefusedError } from '../errors.js';
import type { Processor, ProcessorFactory } from '../processor.js';
import { acceptMeta } from './meta.js';

/** Answers questions for profiles, and checks and keeps those that are brought (v1.md 13). */
export function profileProcessor(): ProcessorFactory {
  return (): Processor<ProfileCommand> => ({
    kinds: ['profile-command'],
    async process(command, { sender }, { facebook }) {
      const { id } = command;
      if (id === undefined)
        throw new RefusedError('A profile command without ID; name whose profile is meant.');
      const json = commandProfile(command);
      if (json === undefined && command.meta === undefined)
        return { answers: [await answerQuery(id, facebook)] };
      if (command.meta !== undefined && !(await acceptMeta(command.meta, id, facebook))) {
        return { answers: [createText(`Meta not match ID: ${id.text}`)] };
      }
      if (json === undefined) return { answers: [await answerQuery(id, facebook)] };
      return { answers: [await acceptProfile(json, id, { sender, facebook })] };
    },
  });
}

async function answerQuery(id: ID, facebook: Facebook): Promise<Content> {
  const profile = await facebook.loadProfile(id);
  if (profile === undefined) return createText(`Sorry, profile for ${id.text} not found.`);
  return createProfileCommand(id, profile, await facebook.loadMeta(id));
}

async function acceptProfile(
  json: JsonObject,
  id: ID,
  { sender, facebook }: { readonly sender: ID; readonly facebook: Facebook },
): Promise<Content> {
  const profile = readProfile(json, facebook);
  const verified = profile && (await facebook.verifyProfile(profile, id));
  if (verified === undefined) return createText(`Profile not match ID: ${id.text}`);
  const held = await facebook.loadProfile(id);
  // one that does not say since when it is may be older than one that does; its owner alone knows
  const mayBeOlder = held !== undefined && profileTime(verified) < profileTime(held) && !equalID(sender, id);
  return !mayBeOlder && (await facebook.saveProfile(verified, id))
    ? createReceipt(`Profile received: ${id.text}`)
    : createText(`Profile not accept: ${id.text}!`);
}

function readProfile(json: JsonObject, facebook: Facebook): Profile | undefined {
  try {
    return parseProfile(json, facebook.protocol);
  } catch (error) {
    // one that cannot be read matches nothing; that is the answer, so nothing is lost here
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}
