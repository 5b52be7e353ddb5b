import { DimpError } from '@dimp/crypto';
import { TransportError, type TransportErrorOptions } from '@dimp/sdk';

/** Nothing can be sent now. What an outbox holds goes out when the transport is ready again. */
export function notConnected(why: string, options: TransportErrorOptions = {}): TransportError {
  return new TransportError(`No connection to a station: ${why}`, options);
}

/** Nothing can be sent, for the reason that ended the connection. */
export function endedBy(cause: DimpError): TransportError {
  return new TransportError(cause.message, { cause });
}

/** Who answers is not who should. The address is not tried again. */
export class StationIdentityError extends TransportError {
  /** The address of the station. */
  readonly url: string;

  constructor(url: string, problem: string, options: ErrorOptions = {}) {
    super(`The station at ${url} cannot be trusted: ${problem}`, {
      ...options,
      code: 'ERR_STATION_IDENTITY',
    });
    this.url = url;
  }
}

/** The error as one with a code; something unforeseen keeps its cause. */
export function asDimpError(error: unknown): DimpError {
  return error instanceof DimpError
    ? error
    : notConnected('something unforeseen; see the cause.', { cause: error });
}

/** Why an answer to a handshake, where only the station speaks, cannot be trusted or read. */
export function explainAnswer(url: string, sender: string, cause: DimpError): DimpError {
  const who = `its answer, as ${sender},`;
  if (cause.code === 'ERR_NOT_FOUND') {
    const problem = `${who} brings no meta, and none is here; pass its id and meta in stations.`;
    return new StationIdentityError(url, problem, { cause });
  }
  if (cause.code === 'ERR_META') {
    return new StationIdentityError(url, `${who} brings a meta that is not its own.`, { cause });
  }
  return notConnected(`${who} cannot be read: ${cause.message}`, { cause });
}
