import { equalBytes } from '@dimp/crypto';
import type { UserKeys } from '@dimp/sdk';

/**
 * The private keys that were read last, by the record they were read from. They are needed for every message, and
 * reading a key takes longer than using it; a record that has changed is read anew.
 */
export class KeyMemory {
  readonly #known = new Map<string, { readonly record: Uint8Array; readonly keys: UserKeys }>();

  /** @param name of the record @param parse reads it */
  read(name: string, record: Uint8Array, parse: () => UserKeys): UserKeys {
    const known = this.#known.get(name);
    if (known !== undefined && equalBytes(known.record, record)) return known.keys;
    const keys = parse();
    this.#known.set(name, { record, keys });
    return keys;
  }
}
