import { describeJson, LimitError, limits, ParseError } from '@dimp/crypto';
import { type Address, parseAddress } from './address.js';
import type { IdentityContext } from './context.js';

/**
 * Who: `[name "@"] address ["/" terminal]`.
 *
 * Two IDs are the same when name and address are; the terminal only says which device is meant. So Maps
 * use `key`, never the object.
 */
export interface ID {
  /** Empty when there is none. Any letters but `@` and `/`. */
  readonly name: string;
  readonly address: Address;
  /** Empty when there is none. */
  readonly terminal: string;
  /** The text as it was received; it is sent on unchanged. */
  readonly text: string;
  /** `name@address`, or the address alone: the one key under which everything of this ID is filed. */
  readonly key: string;
}

/**
 * Reads an ID.
 * @throws {ParseError} no text, no address, or an address whose search number is 0
 * @throws {LimitError} longer than `limits.idLength`
 * @throws {TypeError} without context
 */
export function parseID(
  value: unknown,
  context: Pick<IdentityContext, 'addresses' | 'knownIDs'>,
  path = 'ID',
): ID {
  if (typeof value !== 'string') throw new ParseError(path, `expected ID text, got ${describeJson(value)}`);
  if (value.length > limits.idLength) {
    throw new LimitError(path, `expected at most ${limits.idLength} letters, got ${value.length}`);
  }
  // without context parseAddress says so
  const known = context?.knownIDs?.get(value);
  if (known !== undefined) return known;
  const slash = value.indexOf('/');
  const terminal = slash < 0 ? '' : value.slice(slash + 1);
  const front = slash < 0 ? value : value.slice(0, slash);
  const at = front.indexOf('@');
  const name = at < 0 ? '' : front.slice(0, at);
  const address = parseAddress(front.slice(at + 1), context, path);
  if (address.number === 0) throw new ParseError(path, 'expected a search number above 0, got 0');
  const id = { name, address, terminal, text: value, key: keyOf(name, address) };
  context.knownIDs?.set(value, id);
  return id;
}

/**
 * Puts an ID together. A name that is given, even an empty one, is followed by `@`; a terminal likewise
 * stands after `/`.
 * @throws {RangeError} a name with `@` or `/`
 */
export function createID(parts: {
  readonly name?: string | undefined;
  readonly address: Address;
  readonly terminal?: string | undefined;
}): ID {
  const { name, address, terminal } = parts;
  if (name !== undefined && /[@/]/.test(name)) {
    throw new RangeError(`name: expected letters without "@" and "/", got ${JSON.stringify(name)}`);
  }
  const front = name === undefined ? address.text : `${name}@${address.text}`;
  return {
    name: name ?? '',
    address,
    terminal: terminal ?? '',
    text: terminal === undefined ? front : `${front}/${terminal}`,
    key: keyOf(name ?? '', address),
  };
}

/** Whether two IDs name the same entity, whatever their terminals. */
export function equalID(a: ID, b: ID): boolean {
  return a.key === b.key;
}

/** The same entity without its terminal; the text is the canonical one. */
export function withoutTerminal(id: ID): ID {
  return id.text === id.key ? id : { ...id, terminal: '', text: id.key };
}

function keyOf(name: string, address: Address): string {
  return name === '' ? address.text : `${name}@${address.text}`;
}
