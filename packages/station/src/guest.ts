import type { ClientSession } from './client-session.js';
import type { Ack, ConnectionHandler } from './connection.js';

/** Who deals with what connections tell. */
export interface GuestHost {
  /** @see ConnectionHandler.package */
  take(data: Uint8Array, session: ClientSession): Promise<void>;
  acknowledged(ack: Ack, session: ClientSession): void;
  closed(session: ClientSession): void;
}

/** What a connection tells, with whose it is: two references for each, in place of three closures. */
export class Guest implements ConnectionHandler {
  readonly #host: GuestHost;
  readonly #session: ClientSession;

  constructor(host: GuestHost, session: ClientSession) {
    this.#host = host;
    this.#session = session;
  }

  package(data: Uint8Array): Promise<void> {
    return this.#host.take(data, this.#session);
  }

  acknowledged(ack: Ack): void {
    this.#host.acknowledged(ack, this.#session);
  }

  closed(): void {
    this.#host.closed(this.#session);
  }
}
