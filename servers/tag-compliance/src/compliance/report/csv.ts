import { stringify } from 'csv-stringify/sync';
import type { Report } from './report.ts';

type Cell = string | number | boolean | undefined;

/** The tables of a report. A file holds one of them, so that a spreadsheet or a database reads it as it is. */
export const CSV_TABLES = ['csv', 'csv_summary', 'csv_ranking', 'csv_next_steps'] as const;
export type CsvTable = (typeof CSV_TABLES)[number];

/** One table by RFC 4180 (commas, CRLF, quotes around whatever is not empty), with a row of names. `csv` is the violations. */
export function reportAsCsv(report: Report, table: CsvTable = 'csv'): string {
  switch (table) {
    case 'csv':
      return violations(report);
    case 'csv_summary':
      return summary(report);
    case 'csv_ranking':
      return ranking(report);
    case 'csv_next_steps':
      return nextSteps(report);
  }
}

/** Each row says when it was read, and that it is made up if it is: rows leave their file behind. */
function violations({ violations: list, as_of, is_sample }: Report): string {
  const names = ['severity', 'kind', 'tag', 'arn', 'type', 'region', 'account', 'current_value', 'found', 'suggestion'] as const;
  const more = ['expected', 'allowed_values', 'as_of', 'sample_data'];
  const rows = list.map((violation) => [
    ...names.map((name) => violation[name]),
    violation.expected,
    violation.allowed_values.join(' | '),
    as_of,
    is_sample,
  ]);
  return toCsv([...names, ...more], rows);
}

function summary(report: Report): string {
  const { summary: counts, currency } = report;
  const facts: Record<string, Cell> = {
    sample_data: report.is_sample,
    as_of: report.as_of,
    written_at: report.written_at,
    policy_version: report.policy_version,
    scope: report.scope,
    severity: report.severity,
    complete: report.is_complete,
    coverage: report.coverage,
    resources: counts.resources,
    exempt: counts.exempt.resources,
    exempt_because: Object.entries(counts.exempt.by_reason)
      .map(([reason, resources]) => `${resources}: ${reason}`)
      .join(' | '),
    grace_period_not_applied_to: counts.exempt.age_unknown,
    in_scope: counts.in_scope,
    compliant: counts.compliant,
    non_compliant: counts.non_compliant,
    score: counts.score,
    violations: counts.violations,
    errors: counts.errors,
    warnings: counts.warnings,
    violations_not_listed: report.left_out,
    currency,
    cost_weighted_score: counts.cost?.score,
    monthly_cost_of_non_compliant: counts.cost?.non_compliant,
    cost_unknown_for: counts.cost?.unknown,
  };
  return toCsv(
    ['name', 'value'],
    Object.entries(facts).map(([name, value]) => [name, value ?? 'unknown']),
  );
}

function ranking({ by_count, currency }: Report): string {
  const names = ['kind', 'tag', 'severity', 'violations', 'resources', 'monthly_cost'] as const;
  const rows = by_count.map((entry) => [...names.map((name) => entry[name]), currency]);
  return toCsv([...names, 'currency'], rows);
}

function nextSteps({ recommendations, currency }: Report): string {
  const names = [
    'order',
    'action',
    'fix',
    'effort',
    'severity',
    'tags',
    'types',
    'resources',
    'violations',
    'monthly_cost',
    'currency',
    'examples',
  ];
  const rows = recommendations.map(({ action, fix, effort, severity, tags, types, examples, ...counts }, index) => [
    ...[index + 1, action, fix, effort, severity, tags.join(' | '), types.join(' | ')],
    ...[counts.resources, counts.violations, counts.monthly_cost, currency, examples.join(' | ')],
  ]);
  return toCsv(names, rows);
}

function toCsv(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map((cell) => neutralize(String(cell ?? ''))));
  return stringify([[...names], ...cells], { quoted: true, record_delimiter: 'windows' });
}

/** Spaces and invisible characters, followed by a character that starts a formula. */
const FORMULA = /^(?:[\t\r]|[\s\p{Z}\p{Cf}\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;

/**
 * Tag keys and values are untrusted text, and spreadsheets execute text that looks like a formula. A cell that begins with
 * `=`, `+`, `-`, `@`, a tab or a carriage return, also behind spaces and also in full-width form, gets an apostrophe in front, which
 * spreadsheets take for "this is text". Plain numbers are left alone.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function neutralize(cell: string): string {
  return FORMULA.test(cell) && !/^-?\d+(?:\.\d+)?$/.test(cell) ? `'${cell}` : cell;
}
