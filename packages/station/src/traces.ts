import { isJsonObject, type JsonValue } from '@dimp/crypto';
import type { ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';

/** Stations that a broadcast may have passed: more than there are between any two. */
const mostTraces = 64;

/**
 * The stations that a broadcast has passed, by the texts of their IDs; undefined when they are not to be read, or too
 * many.
 *
 * Wire: `traces: ["<ID>" | { ID | did: "<ID>", ... }, ...]` beside the members of a message.
 */
export function tracesOf({ extra }: ReliableMessage): readonly string[] | undefined {
  const traces = extra['traces'] ?? [];
  if (!Array.isArray(traces) || traces.length > mostTraces) return undefined;
  const texts = (traces as readonly JsonValue[]).map(textOf);
  return texts.includes(undefined) ? undefined : (texts as string[]);
}

function textOf(trace: JsonValue): string | undefined {
  const text = isJsonObject(trace) ? (trace['did'] ?? trace['ID']) : trace;
  return typeof text === 'string' ? text : undefined;
}

/** The message with one more station. Written as text, which both generations read. */
export function withTrace(message: ReliableMessage, station: ID): ReliableMessage {
  const traces = (message.extra['traces'] ?? []) as readonly JsonValue[];
  return { ...message, extra: { ...message.extra, traces: [...traces, station.key] } };
}
