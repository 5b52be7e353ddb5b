import { DimpError } from '@dimp/crypto';

/** Something that keeps a station from its work, or from starting. */
export class StationError extends DimpError {}

/** No more is kept for a receiver. */
export class QuotaError extends StationError {
  constructor(receiver: string) {
    super('ERR_STATION_QUOTA', `Too much is kept for ${receiver} already; it goes on when he fetches it.`);
  }
}

/** The disk did not take something. */
export class StorageError extends StationError {
  constructor(what: string, options: ErrorOptions) {
    super('ERR_STATION_STORAGE', `The station could not store ${what}; see the cause.`, options);
  }
}
