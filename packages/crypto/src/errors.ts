/**
 * Every error this family of packages throws on purpose.
 *
 * Tell them apart by `code`, which is stable, and not by `instanceof`: two installed copies of a package
 * have two classes. `message` is for people and may change. No error holds plaintext, keys or private data.
 */
export class DimpError extends Error {
  /** Stable, `ERR_…`. */
  readonly code: string;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Foreign data is not of the expected form. `path` names the place: `ReliableMessage.keys["moki@…"]`. */
export class ParseError extends DimpError {
  readonly path: string;

  constructor(path: string, problem: string, options: ErrorOptions & { readonly code?: string } = {}) {
    super(options.code ?? 'ERR_PARSE', `${path}: ${problem}`, options);
    this.path = path;
  }
}

/** Foreign data is larger or deeper than the limits of `limits.ts` allow. */
export class LimitError extends ParseError {
  constructor(path: string, problem: string) {
    super(path, problem, { code: 'ERR_LIMIT' });
  }
}

/** Something well-formed that nothing here can handle: an algorithm, a meta version, a kind of entity. */
export class UnsupportedError extends DimpError {
  /** What kind of thing it was, in words: `'symmetric algorithm'`. */
  readonly what: string;
  /** Which one was asked for; of a long text the beginning. */
  readonly value: string | number;

  constructor(what: string, value: string | number, advice: string) {
    // often a foreign text, of megabytes or out of what was encrypted
    const shown = typeof value === 'string' ? value.slice(0, 128) : value;
    super('ERR_UNSUPPORTED', `No ${what} for ${JSON.stringify(shown)}; ${advice}`);
    this.what = what;
    this.value = shown;
  }
}

/** A key that is malformed, or weaker or stranger than the key policy allows. */
export class KeyFormatError extends DimpError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_KEY_FORMAT', message, options);
  }
}

/**
 * Decryption failed. One text for every cause, because a sender who learns which step failed can use the
 * receiver as an oracle; therefore never a `cause` either.
 */
export class DecryptError extends DimpError {
  constructor() {
    super('ERR_DECRYPT', 'Decryption failed: the key does not fit or the data was altered.');
  }
}

/** Something that is not here yet: a meta, a profile, a private key. */
export class NotFoundError extends DimpError {
  readonly what: string;
  readonly id: string;

  constructor(what: string, id: string, advice: string) {
    super('ERR_NOT_FOUND', `No ${what} for ${id}; ${advice}`);
    this.what = what;
    this.id = id;
  }
}

/** The caller broke the contract of a function. */
export class UsageError extends DimpError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_USAGE', message, options);
  }
}
