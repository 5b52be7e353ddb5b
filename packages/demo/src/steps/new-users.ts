import { formatSearchNumber } from '@dimp/mkm';
import type { Printer } from '../print.js';
import type { Facts } from '../step.js';
import { joinNewUser, personOf, type World } from '../world.js';

/** A user who was made a moment ago. */
export interface NewUser {
  readonly name: string;
  readonly id: string;
  readonly searchNumber: string;
  readonly key: { readonly algorithm: string; readonly bits: number };
  /** As hulk sees it, who never heard of them. */
  readonly metaFitsID: boolean;
}

export interface NewUsersFacts extends Facts {
  readonly users: readonly NewUser[];
}

/** Registers alice and bob: nobody is asked and nothing is reserved, a pair of keys is all. */
export async function runNewUsers(world: World): Promise<NewUsersFacts> {
  const checker = personOf(world, 'hulk');
  const users: NewUser[] = [];
  for (const name of ['alice', 'bob']) {
    const { id, user } = await joinNewUser(world, name);
    const meta = await user.meta();
    users.push({
      name,
      id: id.text,
      searchNumber: formatSearchNumber(id.address),
      key: { algorithm: meta.key.algorithm, bits: meta.key.bits },
      metaFitsID: await checker.facebook.saveMeta(meta, id),
    });
  }
  return { ok: users.every(({ metaFitsID }) => metaFitsID), users };
}

export function printNewUsers({ users }: NewUsersFacts, printer: Printer): void {
  for (const { id, searchNumber, key, metaFitsID } of users) {
    printer.check(metaFitsID, id);
    printer.row('search number', searchNumber);
    printer.row('key', `${key.algorithm} ${key.bits}, made here; the private half never leaves`);
  }
}
