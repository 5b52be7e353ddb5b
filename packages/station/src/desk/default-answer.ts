import { type Command, createText } from '@dimp/dkd';
import { isBroadcastID } from '@dimp/mkm';
import type { DeskAnswer } from '../desk.js';
import { say, silence } from './desk-handler.js';

/** Letters of a name that is worth an answer, as the answer repeats it. */
const maxName = 128;

/** Word for word what peers say to a command that they do not know. */
export function defaultAnswer({ command, group }: Command): DeskAnswer {
  if (command.length > maxName) return silence;
  // in a broadcast group's name the answer would go out in the open
  const options = group === undefined || isBroadcastID(group) ? {} : { group };
  return say(createText(`Command (name: ${command}) not support yet!`, options));
}
