import type { Summary } from '../compliance/evaluate.ts';
import type { Report } from '../compliance/report/report.ts';

/** Rows of each breakdown that fit into an answer. The worst come first. */
export const MAX_ROWS = 25;

/** Limits the breakdowns of a summary to the size of an answer: an organization may have hundreds of accounts. */
export function abridgeSummary(summary: Summary, rows = MAX_ROWS): Summary {
  const { by_kind, by_tag, by_type, by_region, by_account, exempt } = summary;
  return {
    ...summary,
    exempt: { ...exempt, by_reason: Object.fromEntries(Object.entries(exempt.by_reason).slice(0, rows)) },
    by_kind: by_kind.slice(0, rows),
    by_tag: by_tag.slice(0, rows),
    by_type: by_type.slice(0, rows),
    by_region: by_region.slice(0, rows),
    by_account: by_account.slice(0, rows),
  };
}

const MAX_VIOLATIONS = 40;
/** Tried in this order while the report is too long. */
const FEWER_VIOLATIONS = [20, 10, 5, 0];
const REPORT_ROWS = 12;
const MAX_CHARACTERS = 14_000;

/** Rows of the ranking when it is the whole answer. */
const RANKING_ROWS = 100;

/** A table that lists no violations, written whole but for a long tail of its ranking. */
export function writeTable(report: Report, write: (report: Report) => string): string {
  return write({ ...report, by_count: report.by_count.slice(0, RANKING_ROWS) });
}

/**
 * A report that is short enough for an answer, which contains it twice: as text and as structured content.
 * @param write what the report is written with
 */
export function abridgeReport(report: Report, write: (report: Report) => string): { shown: Report; written: string } {
  const cut = {
    ...report,
    summary: abridgeSummary(report.summary, REPORT_ROWS),
    by_count: report.by_count.slice(0, REPORT_ROWS),
    by_cost: report.by_cost?.slice(0, REPORT_ROWS),
  };
  let shown = withFewer(cut, MAX_VIOLATIONS);
  let written = write(shown);
  for (const count of FEWER_VIOLATIONS) {
    if (written.length <= MAX_CHARACTERS) break;
    shown = withFewer(cut, count);
    written = write(shown);
  }
  return { shown, written };
}

function withFewer(report: Report, limit: number): Report {
  const violations = report.violations.slice(0, limit);
  return { ...report, violations, left_out: report.left_out + report.violations.length - violations.length };
}
