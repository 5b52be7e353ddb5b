import { describe, expect, it } from '@jest/globals';
import { type Budgets, compare, type Sizes, withTable } from '../src/checks/budgets.mjs';
import { tighten } from '../src/checks/budgets-write.mjs';

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
});
