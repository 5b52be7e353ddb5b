import type { Unit } from './row.js';
import { type JudgedRow, targetUnit } from './targets.js';

const heads = ['suite', 'what', 'median', 'floor', 'ratio', 'bytes', 'target', ''] as const;

/** The result for people: a table in Markdown with a line for each row. */
export function formatTable(rows: readonly JudgedRow[]): string {
  const lines = rows.map(row => [
    row.suite,
    row.name,
    formatValue(row.value, row.unit),
    row.floor === undefined ? '' : formatValue(row.floor, row.unit),
    row.ratio === undefined ? '' : formatValue(row.ratio, 'x'),
    formatBytes(row),
    formatTargets(row),
    row.ok === undefined ? '' : row.ok ? 'ok' : '—',
  ]);
  const widths = heads.map((head, column) =>
    Math.max(3, head.length, ...lines.map(cells => cells[column]?.length ?? 0)),
  );
  const left = (column: number): boolean => column < 2 || column > 5;
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map((cell, column) =>
        left(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    left(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(heads), line(rule), ...lines.map(line)].join('\n');
}

/** Three digits, or all that stand before the point. */
export function formatValue(value: number, unit: Unit): string {
  const places = unit === 'x' ? 2 : Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = value.toLocaleString('en-US', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return unit === '/s' ? `${number}/s` : `${number} ${unit}`;
}

function formatBytes({ details = {} }: JudgedRow): string {
  const bytes = details['bytes'] ?? details['heapBytes'] ?? details['minifiedBytes'];
  return bytes === undefined ? '' : Math.round(bytes).toLocaleString('en-US');
}

function formatTargets(row: JudgedRow): string {
  return row.targets
    .map(target => {
      const [sign, value] = target.atMost === undefined ? ['≥', target.atLeast ?? 0] : ['≤', target.atMost];
      return `${sign} ${formatValue(value, targetUnit(row, target))}`;
    })
    .join(', ');
}
