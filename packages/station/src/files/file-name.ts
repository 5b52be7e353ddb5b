import { ParseError } from '@dimp/crypto';
import { type Address, type IdentityContext, parseID } from '@dimp/mkm';

/** What forms of address a path may hold. */
export type OwnerContext = Pick<IdentityContext, 'addresses'>;

/** Whose files a path means: an address, or an ID with one. Undefined when it is neither. */
export function parseOwner(segment: string, { addresses }: OwnerContext): Address | undefined {
  try {
    // without `knownIDs`: what strangers ask for is not to fill a cache that others live by
    const { address } = parseID(segment, { addresses });
    // it becomes a folder, so no form of address that is plugged in may bring in more than this
    return /^[0-9A-Za-z]{1,64}$/.test(address.text) ? address : undefined;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** A file's name as the station gives it: the MD5 of its bytes in hex, and an ending if it has one. */
export function isFileName(name: string): boolean {
  return /^[0-9a-f]{32}(?:\.[0-9a-z]{1,10})?$/.test(name);
}

/** The MD5 and ending put together. */
export function createFileName(md5: string, ending: string): string {
  return ending === '' ? md5 : `${md5}.${ending}`;
}

/** The ending of a name in small letters, without the dot; empty when there is none, or none that is kept. */
export function endingOf(name: string): string {
  const [, ending = ''] = /\.([0-9A-Za-z]{1,10})$/.exec(name) ?? [];
  return ending.toLowerCase();
}
