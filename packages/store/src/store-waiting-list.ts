import type { Protocol } from '@dimp/core';
import type { JsonObject } from '@dimp/crypto';
import {
  formatInstantMessage,
  formatReliableMessage,
  parseInstantMessage,
  parseReliableMessage,
} from '@dimp/dkd';
import { parseID } from '@dimp/mkm';
import type { Arrival, Missing, NewWaiting, WaitingList, WaitingMessage } from '@dimp/sdk';
import type { Claims } from './claims.js';
import { listJson, putJson } from './json-records.js';
import { type LastNumbers, nextNumber } from './numbers.js';
import { formatPlace, parsePlace } from './places.js';
import type { RecordKeys } from './record-key.js';
import type { Scope } from './records.js';

/** The waiting list of a store: one record for each message, in the order in which they came. */
export class StoreWaitingList implements WaitingList {
  readonly #scope: Scope;
  readonly #keys: RecordKeys;
  readonly #protocol: Protocol;
  readonly #last: LastNumbers;
  readonly #claims: Claims;

  constructor(scope: Scope, keys: RecordKeys, protocol: Protocol, last: LastNumbers, claims: Claims) {
    this.#scope = scope;
    this.#keys = keys;
    this.#protocol = protocol;
    this.#last = last;
    this.#claims = claims;
  }

  async add(message: NewWaiting): Promise<WaitingMessage> {
    const added = { ...message, number: Number.NaN };
    await this.#scope.atEnd(async records => {
      added.number = await nextNumber('waiting', this.#last, this.#keys, records);
      putJson(records, this.#keys.ordered('waiting', '', added.number), this.#format(added));
    });
    return added;
  }

  async list(): Promise<readonly WaitingMessage[]> {
    const found = await listJson(this.#scope, this.#keys.sequence('waiting', ''));
    return (await this.#claims.mine(found)).map(json => this.#parse(json));
  }

  async remove(number: number): Promise<void> {
    await this.#scope.change(records => records.remove(this.#keys.ordered('waiting', '', number)));
  }

  #format(waiting: WaitingMessage): JsonObject {
    const { number, since, missing, direction } = waiting;
    const head = { number, since, direction, missing: formatMissing(missing), ...this.#claims.mark };
    if (waiting.direction === 'in') {
      const { message, arrival } = waiting;
      return { ...head, message: formatReliableMessage(message), arrival: formatArrival(arrival) };
    }
    const { message, split, place } = waiting;
    return {
      ...head,
      message: formatInstantMessage(message, this.#protocol),
      split,
      ...(place && { place: formatPlace(place) }),
    };
  }

  #parse(json: JsonObject): WaitingMessage {
    const head = {
      number: json['number'] as number,
      since: json['since'] as number,
      missing: this.#parseMissing(json['missing'] as JsonObject),
    };
    if (json['direction'] === 'in') {
      const message = parseReliableMessage(json['message'], this.#protocol);
      const arrival = this.#parseArrival(json['arrival'] as JsonObject);
      return { ...head, direction: 'in', message, arrival };
    }
    const message = parseInstantMessage(json['message'], this.#protocol);
    const place = parsePlace(json['place'], this.#protocol);
    return {
      ...head,
      direction: 'out',
      message,
      split: json['split'] === true,
      ...(place && { place }),
    };
  }

  #parseMissing({ what, id, sender }: JsonObject): Missing {
    return {
      what: what as Missing['what'],
      id: parseID(id, this.#protocol),
      ...(sender !== undefined && { sender: parseID(sender, this.#protocol) }),
    };
  }

  #parseArrival({ as, depth, forwardedBy }: JsonObject): Arrival {
    return {
      ...(as !== undefined && { as: parseID(as, this.#protocol) }),
      depth: depth as number,
      ...(forwardedBy !== undefined && { forwardedBy: parseID(forwardedBy, this.#protocol) }),
    };
  }
}

function formatMissing({ what, id, sender }: Missing): JsonObject {
  return { what, id: id.text, ...(sender && { sender: sender.text }) };
}

function formatArrival({ as, depth, forwardedBy }: Arrival): JsonObject {
  return { ...(as && { as: as.text }), depth, ...(forwardedBy && { forwardedBy: forwardedBy.text }) };
}
