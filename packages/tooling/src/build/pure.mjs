/**
 * Marks each value at the top of a bundled module as free of side effects, which our modules are by rule, so that a
 * bundler drops those that a page does not use. A module that is dropped as a whole needs no marks; but here several
 * share a file, and `{ code: ContentType.page }` counts as an effect because reading a member might be one.
 *
 * Line breaks stay where they were, so the source maps hold.
 *
 * @param {string} text as esbuild writes it: statements at the top start a line, and what is inside is indented
 */
export function markPure(text) {
  return text.replace(value, (_, start, expression) => `${start}/* @__PURE__ */ (() => (${expression}))();`);
}

/** A variable made by a call, by `new`, or as an object or array, on one line or up to the bracket that ends it. */
const value =
  /^(var \w+ = )(?:\/\* @__PURE__ \*\/ )?((?:new \w|[\w.$]+\(|[{[])(?:.*|.*\n(?:(?: .*)?\n)*[)}\]].*));$/gm;
