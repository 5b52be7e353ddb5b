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

/** A message as it is kept: `{ number, direction, state, time, size, message, labels?, failure?, receipts? }`. */
export type KeptRecord = JsonObject & {
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly time: number;
  /** Bytes of the message as JSON. */
  readonly size: number;
};

/** The bytes of a record, and how many of them are the message. @param number in its conversation */
export function formatKept(
  message: NewMessage,
  number: number,
  context: MessageContext,
): { readonly bytes: Uint8Array; readonly size: number } {
  const { direction, state, time, labels, failure } = message;
  const text = JSON.stringify(formatInstantMessage(message.message, context));
  const size = encodeUtf8(text).length;
  const head = JSON.stringify({
    number,
    direction,
    state,
    time,
    size,
    ...(labels && { labels }),
    ...(failure && { failure }),
  });
  return { bytes: encodeUtf8(`${head.slice(0, -1)},"message":${text}}`), size };
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
