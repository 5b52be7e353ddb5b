import { DimpError, type JsonObject } from '@dimp/crypto';
import {
  type Content,
  commandProfile,
  createProfileCommand,
  createText,
  type ProfileCommand,
} from '@dimp/dkd';
import { type ID, type Profile, parseProfile } from '@dimp/mkm';
import { createReceipt } from '../commands/receipt.js';
import type { Facebook } from '../default-facebook.js';
import { RefusedError } from '../errors.js';
import type { Processor, ProcessorFactory } from '../processor.js';
import { acceptMeta } from './meta.js';

/** Answers questions for profiles, and checks and keeps those that are brought (v1.md 13). */
export function profileProcessor(): ProcessorFactory {
  return (): Processor<ProfileCommand> => ({
    kinds: ['profile-command'],
    async process(command, _received, { facebook }) {
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
      return { answers: [await acceptProfile(json, id, facebook)] };
    },
  });
}

async function answerQuery(id: ID, facebook: Facebook): Promise<Content> {
  const profile = await facebook.loadProfile(id);
  if (profile === undefined) return createText(`Sorry, profile for ${id.text} not found.`);
  return createProfileCommand(id, profile, await facebook.loadMeta(id));
}

async function acceptProfile(json: JsonObject, id: ID, facebook: Facebook): Promise<Content> {
  const profile = readProfile(json, facebook);
  const accepted = profile !== undefined && (await facebook.saveProfile(profile, id));
  return accepted
    ? createReceipt(`Profile received: ${id.text}`)
    : createText(`Profile not match ID: ${id.text}`);
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
