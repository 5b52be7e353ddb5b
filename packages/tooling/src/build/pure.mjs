/**
 * Marks each value at the top of a bundled module as free of side effects, which our modules are by rule, so that a
 * bundler drops those that a page does not use. A module that is dropped as a whole needs no marks; but here several
 * share a file, not every bundler reads `sideEffects` in package.json, and to one that reads the code alone
 * `{ code: ContentType.page }` is an effect because reading a member might be one, `365 * 86400` because multiplying
 * might be, and a class with a method `[exportSecret]` because the making of the name might be.
 *
 * Line breaks stay where they were, so the source maps hold.
 *
 * @param {string} text as esbuild writes it: statements at the top start a line, and what is inside is indented
 */
export function markPure(text) {
  return text
    .replace(classes, (whole, start, variable, name = ` ${variable}`, head, body) =>
      computed.test(body) ? start + mark(`class${name}${head}${body}`) : whole,
    )
    .replace(value, (_, start, expression) => start + mark(`(${expression})`))
    .replace(sum, (_, start, expression) => start + mark(`(${expression})`));
}

/** @param {string} expression */
const mark = expression => `/* @__PURE__ */ (() => ${expression})();`;

/** A class, which needs its name when it is no longer the value of the variable itself. */
const classes = /^(var (\w+) = )class( \w+)?((?: extends [^{\n]+)? \{\n)((?:(?: .*)?\n)*\});$/gm;

/** A member whose name is a value. */
const computed = /^ {2}(?:(?:static|async|get|set) |\*)*\[/m;

/** A variable made by a call, by `new`, or as an object or array, on one line or up to the bracket that ends it. */
const value =
  /^(var \w+ = )(?:\/\* @__PURE__ \*\/ )?((?:new \w|[\w.$]+\(|[{[])(?:.*|.*\n(?:(?: .*)?\n)*[)}\]].*));$/gm;

/** A member of something, a sum, or a text with a variable in it, on one line. */
const sum = /^(var \w+ = )((?:[a-z_$][\w$]*(?:\.\w| [-+*/%&|^<>])|\d[\w.]* [-+*/%&|^<>]+ |`.*\$\{).*);$/gim;
