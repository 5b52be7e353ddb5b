import type { JsonObject } from '@dimp/crypto';

/** What a program is given: things that were published, and a place for what it keeps. */
export interface Input {
  /** A user with his meta, as they stand on the wire. */
  readonly user: { readonly id: string; readonly meta: JsonObject };
  /** A package from him, and the key of its content. */
  readonly message: { readonly package: string; readonly key: JsonObject };
  /** A folder in Node, the name of a database in a browser. */
  readonly location: string;
}
