import { describe, expect, it } from '@jest/globals';
import { transform } from 'esbuild';
import { markPure } from '../src/build/pure.mjs';

/** What a bundler keeps of a module of which nothing is used. */
async function kept(text: string): Promise<string> {
  const { code } = await transform(text, { treeShaking: true, format: 'esm', legalComments: 'none' });
  return code;
}

const values = {
  'an object that reads a member':
    'var a = {\n  code: Kind.page,\n  parse(x) {\n    return {\n\n    };\n  }\n};\n',
  'an object on one line': 'var a = { [Kind.page]: 1, b: Kind.image };\n',
  'a list': 'var a = [\n  Kind.page,\n  Kind.image\n];\n',
  'a call': 'var a = make(Kind.page);\n',
  'a call that esbuild marked': 'var a = /* @__PURE__ */ make(\n  Kind.page,\n  () => 1\n);\n',
  'a new object': 'var a = new Set([1].map((x) => x + Kind.page));\n',
  'a method of a global': 'var a = Object.freeze({\n  kind: Kind.page\n});\n',
  'a chain of calls': 'var a = make(\n  Kind.page\n).map((x) => x);\n',
  'a member': 'var a = limits.packageBytes;\n',
  'a sum': 'var a = nameBytes + 8;\n',
  'a sum of numbers': 'var a = 2 ** 31 - 1;\n',
  'a sum that starts with a number': 'var a = 2 * limits.packageBytes;\n',
  'a text with a variable': `var a = \`BEGIN \${title}\`;\n`,
  'a class with a method named by a variable':
    'var A = class {\n  #a = 1;\n  b() {\n  }\n\n  [name]() {\n    return this.#a;\n  }\n};\n',
  'a class that extends another':
    'var B = class {\n};\nvar A = class extends B {\n  async [name]() {\n  }\n};\n',
};

describe('pure marks', () => {
  it.each(Object.entries(values))('let a bundler drop %s', async (_, text) => {
    expect(await kept(text)).not.toBe('');
    const marked = markPure(text);
    expect(await kept(marked)).toBe('');
    expect(marked.split('\n')).toHaveLength(text.split('\n').length);
  });

  it('change no value', () => {
    const text =
      'var a = {\n  b: [1].map((x) => x + 1)\n};\nvar c = new Set(\n  [a]\n);\nvar d = [c].length;\n';
    const value = (code: string): unknown => new Function(`${code}return [a, [...c], d];`)();
    expect(markPure(text)).not.toBe(text);
    expect(value(markPure(text))).toEqual(value(text));
  });

  it.each([
    ['A', 'var A = class {\n  static [n]() {\n    return new A();\n  }\n};\n'],
    ['_A', 'var A = class _A {\n  static [n]() {\n    return new _A();\n  }\n};\n'],
  ])('leave a class the name %s', (name, text) => {
    expect(markPure(text)).not.toBe(text);
    const [found, isOwn] = new Function('n', `${markPure(text)}return [A.name, A.m() instanceof A];`)('m');
    expect([found, isOwn]).toEqual([name, true]);
  });

  it.each([
    'var a = class extends Error {\n  b = make(1);\n};\n',
    'var a = (x) => {\n  return make(x);\n};\n',
    'var a = async (x) => make(x);\n',
    'var a = -1;\n',
    'var a = 0xffn;\n',
    'var a = (x) => x.y + 1;\n',
    'var a = x => x.y + 1;\n',
    'var A = class {\n  a() {\n    return {\n      [b]: 1\n    };\n  }\n};\n',
    'var a = "x = make(1);";\n',
    'function make() {\n  var a = new Set();\n  return a;\n}\n',
  ])('leave alone what needs none: %j', text => {
    expect(markPure(text)).toBe(text);
  });
});
