import { DimpError } from '@dimp/crypto';

/** Something that keeps a station from its work, or from starting. */
export class StationError extends DimpError {}

/** The station cannot listen where it is told to; the cause is the system's error. */
export class ListenError extends StationError {
  constructor(host: string, port: number, cause: unknown) {
    const { code = '' } = Object(cause) as NodeJS.ErrnoException;
    super('ERR_STATION_LISTEN', `No station can listen on ${host}:${port}: ${listenProblem(code)}`, {
      cause,
    });
  }
}

function listenProblem(code: string): string {
  if (code === 'EADDRINUSE') return 'the port is taken; stop what listens there, or choose another.';
  if (code === 'EADDRNOTAVAIL') return 'the address is none of this machine.';
  return 'see the cause.';
}

/** No more is kept for a receiver. */
export class QuotaError extends StationError {
  constructor(receiver: string) {
    super('ERR_STATION_QUOTA', `Too much is kept for ${receiver} already; it goes on when he fetches it.`);
  }
}

/** No more is kept for anybody. */
export class FullError extends StationError {
  constructor() {
    super('ERR_STATION_FULL', 'The station keeps as much as it may; it goes on when receivers fetch theirs.');
  }
}

/** The disk did not take something. */
export class StorageError extends StationError {
  constructor(what: string, options: ErrorOptions) {
    super('ERR_STATION_STORAGE', `The station could not store ${what}; see the cause.`, options);
  }
}
