import type { StationFacts } from './relay/relay.js';
import type { Facts } from './step.js';

/** What `--json` prints. */
export interface Report {
  /** Whether everything happened as it should: then the exit status is 0. */
  readonly ok: boolean;
  /** The station in between; absent when everything was in one process. */
  readonly station?: StationFacts;
  /** What each step found, by its name; of a demo that broke off the steps before that. */
  readonly steps: Readonly<Record<string, Facts>>;
  /** Why it broke off. */
  readonly error?: { readonly step: string; readonly code?: string; readonly text: string };
}

/** The text of a report, with a line end. */
export function formatReport(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** An error as it is reported. */
export function describeError(step: string, error: unknown): NonNullable<Report['error']> {
  const { code } = error as { readonly code?: unknown };
  const text = error instanceof Error ? error.message : String(error);
  return { step, ...(typeof code === 'string' && { code }), text };
}
