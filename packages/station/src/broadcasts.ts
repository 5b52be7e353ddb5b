import { formatPackage } from '@dimp/core';
import { sha256 } from '@dimp/crypto/digest';
import { encodeHex } from '@dimp/crypto/format';
import type { ReliableMessage } from '@dimp/dkd';
import type { ID } from '@dimp/mkm';
import type { Relayed } from './relay.js';
import type { Session } from './session.js';
import { tracesOf, withTrace } from './traces.js';

/** Broadcasts that are remembered, so that one that comes by two ways goes on once. */
const remembered = 10_000;

/**
 * Passes broadcasts to the neighbour stations. They are news and are not stored: a neighbour that does not read, or is
 * not here, misses them.
 */
export class Broadcasts {
  readonly #station: ID;
  readonly #bufferedBytes: number;
  readonly #neighbours = new Set<Session>();
  /** The oldest first. */
  readonly #recent = new Set<string>();

  /** @param station the station itself */
  constructor(station: ID, bufferedBytes: number) {
    this.#station = station;
    this.#bufferedBytes = bufferedBytes;
  }

  /** A session is here. Only those of neighbours matter. */
  attach(session: Session): void {
    if (session.isNeighbour) this.#neighbours.add(session);
  }

  detach(session: Session): void {
    this.#neighbours.delete(session);
  }

  /** Passes a message on to all neighbours that it did not come from or through. */
  pass(message: ReliableMessage, from: Session): Relayed {
    const traces = tracesOf(message);
    if (traces === undefined) return { kind: 'refused', refusal: { reason: 'malformed' } };
    const passed = new Set(traces);
    if (passed.has(this.#station.key) || !this.#remember(message)) return { kind: 'repeated' };
    let data: Uint8Array | undefined;
    for (const { connection, user } of this.#neighbours) {
      if (connection === from.connection || user === undefined || passed.has(user.key)) continue;
      if (connection.bufferedBytes >= this.#bufferedBytes) continue;
      data ??= formatPackage(withTrace(message, this.#station));
      connection.send(data);
    }
    // this station is one of those it is for
    return { kind: 'stored', isOnline: true };
  }

  /** @returns whether it is new */
  #remember({ envelope, data }: ReliableMessage): boolean {
    const name = `${envelope.sender.key} ${envelope.receiver.key} ${encodeHex(sha256(data))}`;
    if (this.#recent.has(name)) return false;
    this.#recent.add(name);
    const [oldest] = this.#recent;
    if (this.#recent.size > remembered && oldest !== undefined) this.#recent.delete(oldest);
    return true;
  }
}
