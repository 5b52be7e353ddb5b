import type { CaseResult } from './run.js';

/** Counts by outcome. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countResults(results: readonly CaseResult[]): Totals {
  const count = (status: CaseResult['status']): number =>
    results.filter(result => result.status === status).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** The lines of a report: one for each operation of a file or section, under it what did not pass, last the counts. */
export function formatReport(results: readonly CaseResult[]): readonly string[] {
  const groups = new Map<string, CaseResult[]>();
  for (const result of results) {
    const title = `${placeOf(result)} ${printable(result.op)}`;
    groups.set(title, [...(groups.get(title) ?? []), result]);
  }
  const lines = [...groups].flatMap(([title, group]) => [
    `${title}: ${countResults(group).passed}/${group.length}`,
    ...group.filter(({ status }) => status !== 'passed').map(formatResult),
  ]);
  const { passed, failed, skipped } = countResults(results);
  return [...lines, `vectors: ${passed} passed, ${failed} failed, ${skipped} skipped`];
}

/** The report as one object. */
export function formatJsonReport(results: readonly CaseResult[]): string {
  const cases = results.map(({ file, section = null, name, op, status, message }) => ({
    file,
    section,
    name,
    op,
    status,
    message,
  }));
  return JSON.stringify({ ...countResults(results), cases });
}

function placeOf({ file, section }: CaseResult): string {
  return section === undefined ? file : `${file} ${printable(section)}`;
}

function formatResult({ status, name, message }: CaseResult): string {
  return `  ${status} ${printable(name)}: ${printable(message)}`;
}

/** Without the characters by which a file could write over the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, letter => {
    return `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
