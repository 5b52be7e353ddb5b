import { DimpError, type JsonObject } from '@dimp/crypto';
import {
  type Content,
  commandProfile,
  createForward,
  createProfileCommand,
  createText,
  type ProfileCommand,
  parseReliableMessage,
} from '@dimp/dkd';
import { equalID, type ID, type Profile, parseProfile, profileTime } from '@dimp/mkm';
import { createReceipt, type Facebook } from '@dimp/sdk';
import type { DeskAnswer, DeskRequest } from '../desk.js';
import { type DeskHandler, type DeskParts, isOwn, say, silence } from './desk-handler.js';
import { takeMeta } from './offered-meta.js';

/** Gives profiles, with where the user logged in, and takes those that are brought, in either layout. */
export const profileHandler: DeskHandler<ProfileCommand> = {
  kinds: ['profile-command'],
  async answer(command, request, parts) {
    const { id } = command;
    if (id === undefined) return silence;
    const { facebook } = parts.account;
    const problem = command.meta && (await takeMeta(command.meta, id, facebook));
    if (problem !== undefined) return say(problem);
    const json = commandProfile(command);
    return json === undefined
      ? giveProfile(id, parts)
      : say(await takeProfile(json, id, { request, facebook }));
  },
};

async function giveProfile(id: ID, { account: { facebook }, users }: DeskParts): Promise<DeskAnswer> {
  const profile = await facebook.loadProfile(id);
  if (profile === undefined) return say(createText(`Sorry, profile for ${id.text} not found.`));
  const answer = createProfileCommand(id, profile, await facebook.loadMeta(id));
  const login = await users.load(id, 'login');
  if (login === undefined) return say(answer);
  return { contents: [answer, createForward(parseReliableMessage(login, facebook.protocol))] };
}

async function takeProfile(
  json: JsonObject,
  id: ID,
  { request, facebook }: { readonly request: DeskRequest; readonly facebook: Facebook },
): Promise<Content> {
  const profile = readProfile(json, facebook);
  const verified = profile && (await facebook.verifyProfile(profile, id));
  if (verified === undefined) return createText(`Profile not match ID: ${id.text}`);
  const known = await facebook.loadProfile(id);
  if (known?.data !== verified.data) {
    // anybody can bring an old one again, with a key in it that its owner has given up; of two that do not say which is
    // newer the owner alone knows
    const isHis = isOwn(request) && equalID(request.sender, id);
    const ahead = known === undefined ? 1 : profileTime(verified) - profileTime(known);
    const isOlder = ahead < 0 || (ahead === 0 && !isHis);
    if (isOlder || !(await facebook.saveProfile(verified, id))) {
      return createText(`Profile not accept: ${id.text}!`);
    }
  }
  return createReceipt(`Profile received: ${id.text}`);
}

function readProfile(json: JsonObject, { protocol }: Facebook): Profile | undefined {
  try {
    return parseProfile(json, protocol);
  } catch (error) {
    // one that cannot be read matches nothing; that is the answer, so nothing is lost here
    if (error instanceof DimpError) return undefined;
    throw error;
  }
}
