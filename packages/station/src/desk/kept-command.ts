import { type Content, createText, formatContent, parseContent } from '@dimp/dkd';
import { createReceipt } from '@dimp/sdk';
import type { DeskAnswer, DeskRequest } from '../desk.js';
import type { KeptCommand } from '../user-directory.js';
import { type DeskParts, isOwn, refuse, say } from './desk-handler.js';

/** Letters of one command that a user leaves: contacts and lists of thousands of people fit. */
const maxLength = 262_144;

/** Keeps a command for its sender, to be given back as it came. */
export async function keepCommand(
  name: Exclude<KeptCommand, 'login'>,
  content: Content,
  request: DeskRequest,
  { account, users }: DeskParts,
): Promise<DeskAnswer> {
  if (!isOwn(request)) return refuse('not-logged-in', request);
  const json = formatContent(content, account.facebook.protocol);
  if (JSON.stringify(json).length > maxLength) return refuse('too-large', request);
  await users.save(request.sender, name, json);
  return say(createReceipt(`${titles[name]} of ${request.sender.text} received!`));
}

/** What the sender left, as it came; else what is to be said then. */
export async function giveBack(
  name: Exclude<KeptCommand, 'login'>,
  orElse: (request: DeskRequest) => Content,
  request: DeskRequest,
  { account, users }: DeskParts,
): Promise<DeskAnswer> {
  if (!isOwn(request)) return refuse('not-logged-in', request);
  const json = await users.load(request.sender, name);
  return say(json === undefined ? orElse(request) : parseContent(json, account.facebook.protocol));
}

/** How peers say that there is nothing. */
export function contactsNotFound({ sender }: DeskRequest): Content {
  return createText(`Sorry, contacts of ${sender.text} not found.`);
}

const titles = { contacts: 'Contacts', mute: 'Mute command', block: 'Block command' } as const;
