import type { Address, AddressFormat } from './address.js';
import { createID, type ID } from './id.js';
import { NetworkType } from './network.js';

const searchNumber = 9527;

/** The address of any one user. */
export const anywhere: Address = {
  kind: 'broadcast',
  text: 'anywhere',
  network: NetworkType.main,
  number: searchNumber,
};

/** The address of every group. */
export const everywhere: Address = {
  kind: 'broadcast',
  text: 'everywhere',
  network: NetworkType.group,
  number: searchNumber,
};

/** The two broadcast words, in any mixture of capitals. */
export const broadcastAddress: AddressFormat = {
  kind: 'broadcast',
  parse(text) {
    // the length first: lower-casing turns some single letters of other scripts into these
    if (text.length === anywhere.text.length && text.toLowerCase() === anywhere.text) return anywhere;
    if (text.length === everywhere.text.length && text.toLowerCase() === everywhere.text) return everywhere;
    return undefined;
  },
};

/** Whoever hears it: `anyone@anywhere`. */
export const anyone: ID = /* @__PURE__ */ createID({ name: 'anyone', address: anywhere });

/** All who hear it: `everyone@everywhere`. */
export const everyone: ID = /* @__PURE__ */ createID({ name: 'everyone', address: everywhere });

/** The agreed founder of everything: `moky@anywhere`. */
export const founder: ID = /* @__PURE__ */ createID({ name: 'moky', address: anywhere });

/** Whether an ID means everybody instead of somebody; its name does not matter. */
export function isBroadcastID(id: ID): boolean {
  return id.address.kind === 'broadcast';
}

/** The agreed people of a broadcast group, which need no data source (v1.md 6.3). */
export function broadcastGroup(group: ID): {
  readonly founder: ID;
  readonly owner: ID;
  readonly members: readonly ID[];
} {
  const name = group.name;
  if (name === '' || name === everyone.name) return { founder, owner: anyone, members: [anyone] };
  const owner = createID({ name: `${name}.owner`, address: anywhere });
  return {
    founder: createID({ name: `${name}.founder`, address: anywhere }),
    owner,
    members: [owner, createID({ name: `${name}.member`, address: anywhere })],
  };
}
