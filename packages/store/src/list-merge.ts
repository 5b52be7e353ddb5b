/**
 * A list after a change that was made while somebody else changed it too: as it was to be, with what he added at the end
 * and without what he took out.
 *
 * @param before what both began with
 * @param wanted what this change makes of it
 * @param found what the other made of it
 */
export function mergeLists<T>(
  before: readonly T[],
  wanted: readonly T[],
  found: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  const names = (list: readonly T[]): ReadonlySet<string> => new Set(list.map(nameOf));
  const [old, ours, theirs] = [names(before), names(wanted), names(found)];
  return [
    ...wanted.filter(item => theirs.has(nameOf(item)) || !old.has(nameOf(item))),
    ...found.filter(item => !old.has(nameOf(item)) && !ours.has(nameOf(item))),
  ];
}
