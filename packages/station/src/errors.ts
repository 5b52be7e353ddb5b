import { DimpError } from '@dimp/crypto';

/** Something that keeps a station from its work, or from starting. */
export class StationError extends DimpError {}

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
