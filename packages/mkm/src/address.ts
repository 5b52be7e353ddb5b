import { ParseError } from '@dimp/crypto';
import { checkContext, type IdentityContext } from './context.js';

/** Where an entity is found: the part of an ID that nobody can choose. */
export interface Address {
  /** Which form it has: `'btc'`, `'broadcast'`. */
  readonly kind: string;
  /** The canonical text; addresses are equal when these are. */
  readonly text: string;
  /** The raw network number, 0 to 255. See `isUserNetwork` for what it means. */
  readonly network: number;
  /** The search number, an unsigned 32-bit integer; 0 is not valid in an ID. */
  readonly number: number;
}

/** One form of address. Forms have no code on the wire, so they are asked in turn. */
export interface AddressFormat {
  readonly kind: string;
  /** The address; undefined when the text is of another form or broken. */
  parse(text: string): Address | undefined;
}

/**
 * Reads an address.
 * @throws {ParseError} when it is of no known form, or its check does not agree
 * @throws {TypeError} without context
 */
export function parseAddress(
  text: string,
  context: Pick<IdentityContext, 'addresses'>,
  path = 'Address',
): Address {
  checkContext(context, 'addresses', 'defaultAddresses');
  for (const format of context.addresses) {
    const address = format.parse(text);
    if (address !== undefined) return address;
  }
  const forms = context.addresses.map(format => format.kind).join(' or ');
  throw new ParseError(
    path,
    `expected name@address; the address is of no known form (${forms}), or has a typo`,
  );
}

/** Whether an address means everybody instead of somebody. */
export function isBroadcastAddress(address: Address): boolean {
  return address.kind === 'broadcast';
}

/** The search number as people read it, ten digits in groups: `195-183-9394`. */
export function formatSearchNumber(address: Address): string {
  const digits = address.number.toString().padStart(10, '0');
  return `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`;
}
