import type { ID } from '@dimp/mkm';

/** Mistakes that a compiler would find, told to those who have none by the makers of contents. */

/** @throws {TypeError} */
export function check(isRight: unknown, name: string, expected: string, value: unknown): void {
  // the kind of the value, never the value itself
  if (!isRight) throw new TypeError(`${name}: expected ${expected}, got ${classOf(value)}`);
}

/** @throws {TypeError} */
export function checkOptions(options: object): void {
  check(options && typeof options === 'object', 'options', 'an object', options);
}

/** @throws {TypeError} */
export function checkID(id: ID, name: string): void {
  check(id?.address && id.key, name, 'an ID such as user.id', id);
}

/** `String`, `Null`, `ArrayBuffer` and the like, of other windows, too. */
function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
