import type { JsonObject } from '@dimp/crypto';
import { formatReliableMessage, parseReliableMessage } from '@dimp/dkd';
import type { IdentityContext } from '@dimp/mkm';
import type { NewParcel, Outbox, Parcel } from '@dimp/sdk';
import type { Claims } from './claims.js';
import { listJson, putJson } from './json-records.js';
import { type LastNumbers, nextNumber } from './numbers.js';
import { formatPlace, parsePlace } from './places.js';
import type { RecordKeys } from './record-key.js';
import type { Scope } from './records.js';

/** The outbox of a store: one record for each package, in order. `{ number, message, isLast, tab?, place? }` */
export class StoreOutbox implements Outbox {
  readonly #scope: Scope;
  readonly #keys: RecordKeys;
  readonly #context: Pick<IdentityContext, 'addresses'>;
  readonly #last: LastNumbers;
  readonly #claims: Claims;

  constructor(
    scope: Scope,
    keys: RecordKeys,
    context: Pick<IdentityContext, 'addresses'>,
    last: LastNumbers,
    claims: Claims,
  ) {
    this.#scope = scope;
    this.#keys = keys;
    this.#context = context;
    this.#last = last;
    this.#claims = claims;
  }

  async add(parcel: NewParcel): Promise<Parcel> {
    const added = { ...parcel, number: Number.NaN };
    const { message, isLast, place } = parcel;
    await this.#scope.atEnd(async records => {
      added.number = await nextNumber('outbox', this.#last, this.#keys, records);
      putJson(records, this.#keys.ordered('outbox', '', added.number), {
        number: added.number,
        message: formatReliableMessage(message),
        isLast,
        ...this.#claims.mark,
        ...(place && { place: formatPlace(place) }),
      });
    });
    return added;
  }

  async list(): Promise<readonly Parcel[]> {
    const found = await listJson(this.#scope, this.#keys.sequence('outbox', ''));
    return (await this.#claims.mine(found)).map(json => this.#parse(json));
  }

  async remove(number: number): Promise<void> {
    await this.#scope.change(records => records.remove(this.#keys.ordered('outbox', '', number)));
  }

  #parse({ number, message, isLast, place: json }: JsonObject): Parcel {
    const place = parsePlace(json, this.#context);
    return {
      number: number as number,
      message: parseReliableMessage(message, this.#context),
      isLast: isLast === true,
      ...(place && { place }),
    };
  }
}
