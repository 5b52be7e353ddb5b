import type { Protection } from '@dimp/core';
import type { JsonObject } from '@dimp/crypto';
import { decodeUtf8, encodeUtf8 } from '@dimp/crypto/format';
import { formatInstantMessage, type MessageContext, parseInstantMessage } from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import {
  changeMessage,
  type KeptMessage,
  type MessageChange,
  type MessageFailure,
  type MessageReceipt,
  type MessageState,
  type NewMessage,
} from '@dimp/sdk';

/** A message as it is kept: `{ number, direction, state, time, labels?, failure?, receipts?, message }`. */
export type KeptRecord = JsonObject & {
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly time: number;
  readonly message: JsonObject;
};

/** The bytes of a record, and how many of them are the message. @param number in its conversation */
export function formatKept(
  message: NewMessage,
  number: number,
  context: MessageContext,
): { readonly bytes: Uint8Array; readonly size: number } {
  const { direction, state, time, labels, failure } = message;
  const text = JSON.stringify(formatInstantMessage(message.message, context));
  const head = JSON.stringify({
    number,
    direction,
    state,
    time,
    ...(labels && { labels }),
    ...(failure && { failure }),
  });
  const bytes = encodeUtf8(`${head.slice(0, -1)},"message":${text}}`);
  // the reason of a failure may be in any language, all else is ASCII
  const headBytes = failure === undefined ? head.length : encodeUtf8(head).length;
  return { bytes, size: bytes.length - headBytes - ',"message":'.length };
}

/** The bytes of a message as JSON, as `formatKept` gave them. */
export function sizeOfKept({ message }: KeptRecord): number {
  return encodeUtf8(JSON.stringify(message)).length;
}

export function parseKept(json: JsonObject, context: MessageContext): KeptMessage {
  const { number, direction, state, time, labels, failure } = json;
  const receipts = (json['receipts'] ?? []) as readonly JsonObject[];
  return {
    number: number as number,
    direction: direction as 'in' | 'out',
    state: state as MessageState,
    time: time as number,
    message: parseInstantMessage(json['message'], context),
    ...(labels !== undefined && { labels: labels as unknown as Protection }),
    ...(failure !== undefined && { failure: failure as unknown as MessageFailure }),
    receipts: receipts.map(receipt => parseReceipt(receipt, context)),
  };
}

/** The record after a change; the same when the change says nothing new. */
export function changeKept(json: KeptRecord, change: MessageChange, context: MessageContext): KeptRecord {
  const before = parseKept(json, context);
  const changed = changeMessage(before, change);
  if (changed === before) return json;
  const { failure: _, ...others } = json;
  const { state, failure, receipts } = changed;
  return {
    ...(others as KeptRecord),
    state,
    ...(failure && { failure: { ...failure } }),
    ...(receipts.length > 0 && { receipts: receipts.map(formatReceipt) }),
  };
}

function parseReceipt({ sender, time, text }: JsonObject, context: MessageContext): MessageReceipt {
  return { sender: parseID(sender, context), time: time as number, text: text as string };
}

function formatReceipt({ sender, time, text }: MessageReceipt): JsonObject {
  return { sender: sender.text, time, text };
}

/** The value was sealed by this package, so it is such a record. */
export function decodeKept(value: Uint8Array): KeptRecord {
  return JSON.parse(decodeUtf8(value));
}
