import { DimpError, UsageError } from '@dimp/crypto';
import type { ReliableMessage } from '@dimp/dkd';

/** A request that the rules do not allow: no answer, nothing changes, the application is told. */
export class RefusedError extends DimpError {
  constructor(reason: string) {
    super('ERR_REFUSED', reason);
  }
}

/** A message that waited for something that did not come. */
export class WaitingError extends DimpError {
  /** The ID whose meta, key or members were missing. */
  readonly id: string;

  constructor(id: string, reason: 'expired' | 'crowded' | 'closed') {
    super(`ERR_WAITING_${reason.toUpperCase()}`, waitingTexts[reason](id));
    this.id = id;
  }
}

const waitingTexts = {
  expired: (id: string) =>
    `What is missing of ${id} did not come in time; ask for it and deliver the message again.`,
  crowded: (id: string) => `Too many messages wait; the oldest, for ${id}, was given up.`,
  closed: (id: string) => `The messenger was closed while a message waited for ${id}.`,
} as const;

/** What a TransportError may be told. */
export interface TransportErrorOptions extends ErrorOptions {
  /** `ERR_TRANSPORT` when absent; of a refusal the reason that the station names, so that programs can act on it. */
  readonly code?: string;
  /** Whether it would be so every time: the package is too large, or refused for what it is. */
  readonly isFinal?: boolean;
  /** Seconds after which trying again may help, when the other side says so. */
  readonly retryAfter?: number;
}

/** The way to others does not work: no connection, a package or an upload that the other side refuses. */
export class TransportError extends DimpError {
  /** Whether trying again is of no use. */
  readonly isFinal: boolean;
  /** Seconds after which trying again may help; absent when nobody says. */
  readonly retryAfter?: number;

  constructor(message: string, options: TransportErrorOptions = {}) {
    super(options.code ?? 'ERR_TRANSPORT', message, options);
    this.isFinal = options.isFinal ?? false;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}

/** A message that is meant for nobody here. */
export class NotForUsError extends DimpError {
  readonly reliableMessage: ReliableMessage;

  constructor(message: ReliableMessage) {
    const { receiver } = message.envelope;
    super('ERR_NOT_FOR_US', `The message is for ${receiver.text}, who is not here; deliver it onward.`);
    this.reliableMessage = message;
  }
}

/** What somebody hears who sends with a messenger that was closed. */
export function closedError(): UsageError {
  return new UsageError('The messenger was closed; make a new one to send.');
}

/**
 * The error as one with a code; something unforeseen keeps its cause. Of that only the name is told: its text may quote
 * what it stumbled over, a decrypted content or a key.
 */
export function asDimpError(error: unknown): DimpError {
  if (error instanceof DimpError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new DimpError('ERR_INTERNAL', `Something unforeseen went wrong (${name}); see the cause.`, {
    cause: error,
  });
}
