import type { AddressFormat } from './address.js';
import { broadcastAddress } from './broadcast.js';
import { btcAddress } from './btc-address.js';
import type { MetaType } from './meta.js';
import { mkmMeta } from './mkm-meta.js';

/** The forms of address of generation 1, in the order in which they are asked. */
export const defaultAddresses: readonly AddressFormat[] = [broadcastAddress, btcAddress];

/** The kinds of meta of generation 1. */
export const defaultMetas: readonly MetaType[] = [mkmMeta];
