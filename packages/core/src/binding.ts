import type { Draft, JsonObject } from '@dimp/crypto';
import { sha256 } from '@dimp/crypto/digest';
import { encodeBase64 } from '@dimp/crypto/format';
import { type Content, type Envelope, isCommand } from '@dimp/dkd';
import { type ID, isGroupID, isUserID } from '@dimp/mkm';
import { BindingError } from './errors.js';

/**
 * The name of the member, written last in the content object. Others ignore or keep members they do not
 * know, so nothing changes for them (protocol/binding.md).
 */
const member = 'bound';

/** What ties a content to the envelope it was made for: 16 bytes of a digest, as base64. */
export function bindingOf(from: ID, to: ID, time: number): string {
  const text = `DIMP-bound-1\n${from.key}\n${to.key}\n${JSON.stringify(time)}`;
  return encodeBase64(sha256(text).slice(0, 16));
}

/**
 * What a new message is bound to: the group it shows, or its receiver. A user named as group does not count,
 * or else a message to him could be passed on to anybody as one to "his group".
 */
export function bindingTarget(receiver: ID, group: ID | undefined): ID {
  return group !== undefined && isGroupID(group) ? group : receiver;
}

/** The content object with its binding as last member, in place of any it had. */
export function bindContent(json: JsonObject, from: ID, to: ID, time: number): JsonObject {
  const content: Draft<JsonObject> = unbound(json);
  content[member] = bindingOf(from, to, time);
  return content;
}

/** The content object without its binding, so that a content that is sent on does not carry an old one. */
export function unbound(json: JsonObject): JsonObject {
  const { [member]: _, ...rest } = json;
  return rest;
}

/**
 * Whether a received content is bound to its envelope; false when it says nothing.
 * @throws {BindingError} when it is bound to another one
 */
export function isBound(json: JsonObject, content: Content, envelope: Envelope): boolean {
  const bound = json[member];
  if (bound === undefined || bound === null) return false;
  const { sender, time = 0 } = envelope;
  if (bound !== bindingOf(sender, openingTarget(content, envelope), time)) throw new BindingError();
  return true;
}

/** The group that the envelope shows; or the one it hides, which commands do on purpose; or the receiver. */
function openingTarget(content: Content, { group, receiver }: Envelope): ID {
  const hidden = isUserID(receiver) && !isCommand(content) ? content.group : undefined;
  return bindingTarget(receiver, group ?? hidden);
}
