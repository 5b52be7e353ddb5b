/**
 * A value that becomes bytes only when they are needed. A record that changes with every message, such as a count, is
 * made and sealed once for each batch and not once for each message; meanwhile it is read back as what it is of.
 */
export class Draft<Of = unknown> {
  /** Not to be changed any more. */
  readonly of: Of;
  readonly #encode: () => Uint8Array;
  #bytes: Uint8Array | undefined;

  constructor(of: Of, encode: (of: Of) => Uint8Array) {
    this.of = of;
    this.#encode = () => encode(of);
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.#encode();
    return this.#bytes;
  }
}

/** What a record holds: bytes, or what becomes bytes. */
export type RecordValue = Uint8Array | Draft;

/** The bytes of a value. */
export function bytesOf(value: RecordValue): Uint8Array {
  return value instanceof Draft ? value.bytes : value;
}
