import { describe, expect, it } from '@jest/globals';
import { type Budgets, compare, type Sizes, withTable } from '../src/checks/budgets.mjs';
import { tighten } from '../src/checks/budgets-write.mjs';
import { findStale, withSizes } from '../src/checks/told-sizes.mjs';

const sizes: Sizes = { pages: { page: 900 }, browser: { '@dimp/a': 500 }, node: { '@dimp/b': 100 } };
const budgets: Budgets = { goals: { page: 1000 }, ...sizes, pages: { page: 950 } };

describe('the budgets', () => {
  it('take what is within', () => {
    expect(compare(sizes, budgets)).toEqual([]);
    expect(compare({ ...sizes, pages: { page: 950 } }, budgets)).toEqual([]);
  });

  it('refuse what is above', () => {
    expect(compare({ ...sizes, pages: { page: 951 } }, budgets)).toEqual([
      'page: 951 bytes, 1 above its budget of 950',
    ]);
  });

  it('refuse what has none, and one for nothing', () => {
    expect(compare({ ...sizes, browser: { '@dimp/a/new': 7 } }, budgets)).toEqual([
      '@dimp/a/new: 7 bytes and no budget; add it under "browser"',
      '@dimp/a: a budget, and nothing of that name under "browser"',
    ]);
  });

  it('are not above the goals', () => {
    expect(compare(sizes, { ...budgets, pages: { page: 1001 } })).toEqual([
      'page: a budget of 1001 bytes, above the goal of 1000',
    ]);
    expect(compare(sizes, { ...budgets, goals: { other: 1 } })).toEqual(['other: a goal, and no budget']);
  });

  it('are lowered to what is reached and some room, and never raised', () => {
    const reached: Sizes = {
      pages: { page: 990 },
      browser: { '@dimp/a': 100, '@dimp/a/new': 1001 },
      node: {},
    };
    expect(tighten(reached, budgets)).toEqual({
      goals: { page: 1000 },
      pages: { page: 950 },
      browser: { '@dimp/a': 110, '@dimp/a/new': 1040 },
      node: {},
    });
  });

  it('stand in a README between two marks', () => {
    const text = 'before\n\n<!-- budgets -->\n\nold\n\n<!-- /budgets -->\n\nafter\n';
    const shown = withTable(text, { ...budgets, browser: { '@dimp/a': 1500 } });
    expect(shown.split('\n')).toEqual([
      ...['before', '', '<!-- budgets -->', ''],
      ...['| what | at most, bytes | goal |', '| --- | ---: | ---: |'],
      ...['| page | 950 | 1,000 |', '| `@dimp/a` | 1,500 | |', '| `@dimp/b` (Node) | 100 | |'],
      ...['', '<!-- /budgets -->', '', 'after', ''],
    ]);
    expect(withTable(shown, budgets)).not.toBe(shown);
  });

  it('do not go without the marks', () => {
    expect(() => withTable('before\n\n<!-- budgets -->\n\nold\n', budgets)).toThrow(
      'has no <!-- budgets -->',
    );
  });
});

describe('the sizes in a README', () => {
  const names = [
    ...['core', 'crypto', 'crypto-web', 'dkd', 'mkm', 'sdk', 'store', 'client/websocket'].map(
      name => `@dimp/${name}`,
    ),
    ...['RSA-only personal client on core', 'RSA-only personal client on sdk'],
    'everything a personal client needs, on core',
  ];
  const [page = '', ...pages] = names.slice(8);
  const all: Sizes = {
    pages: Object.fromEntries([page, ...pages].map(name => [name, 20_000])),
    browser: Object.fromEntries(names.slice(0, 8).map(name => [name, 100 * 1024])),
    node: {},
  };
  const text = names.map(name => `takes <!-- kB ${name} -->7 kB`).join('\n');
  const told = withSizes(text, all);

  it('are whole kB behind their marks', () => {
    expect(told.split('\n')[0]).toBe('takes <!-- kB @dimp/core -->100 kB');
    expect(told).toContain(`takes <!-- kB ${page} -->20 kB`);
    expect(findStale(told, all)).toEqual([]);
    expect(findStale(text, all)).toHaveLength(names.length);
  });

  it('are stale when they are beside by more than 1 kB and 2 per cent', () => {
    const now = (bytes: number): readonly string[] =>
      findStale(told, { ...all, browser: { ...all.browser, '@dimp/sdk': bytes } });
    expect(now(102 * 1024)).toEqual([]);
    expect(now(97 * 1024)).toEqual(['tells 100 kB of @dimp/sdk, which has 97.0']);
    const other = { ...all, pages: { ...all.pages, [page]: 21 * 1024 } };
    expect(findStale(told, other)).toEqual([]);
    expect(findStale(told, { ...all, pages: { ...all.pages, [page]: 21.1 * 1024 } })).toEqual([
      `tells 20 kB of ${page}, which has 21.1`,
    ]);
  });

  it('are all there, and of something', () => {
    const without = told.replace('<!-- kB @dimp/sdk -->', '');
    expect(findStale(without, all)).toEqual(['lacks a figure behind <!-- kB @dimp/sdk -->']);
    expect(() => withSizes(without, all)).toThrow('lacks a figure behind <!-- kB @dimp/sdk -->');
    const more = `${told}<!-- kB @dimp/no -->1`;
    expect(findStale(more, all)).toEqual(['tells the size of @dimp/no, which has none']);
    expect(() => withSizes(more, all)).toThrow('tells the size of @dimp/no, which has none');
  });
});
