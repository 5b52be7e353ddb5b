import { StationError } from '../errors.js';

/** What a problem may be told. */
export interface HttpProblemOptions extends ErrorOptions {
  /** Seconds after which trying again may help. */
  readonly retryAfter?: number;
}

/** A request that is answered with an error: the status, and a sentence that anybody may read. */
export class HttpProblem extends StationError {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, options: HttpProblemOptions = {}) {
    super(`ERR_STATION_HTTP_${status}`, message, options);
    this.status = status;
    this.retryAfter = options.retryAfter;
  }
}

/** The error as what a requester may know of it. */
export function asHttpProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  return new HttpProblem(500, 'The station failed to answer; its log says why.', { cause: error });
}
