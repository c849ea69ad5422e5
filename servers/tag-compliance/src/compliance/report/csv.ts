import { stringify } from 'csv-stringify/sync';
import type { Ranked, Report } from './report.ts';

const COLUMNS = [
  'section',
  'kind',
  'severity',
  'tag',
  'arn',
  'type',
  'region',
  'account',
  'current_value',
  'allowed_values',
  'found',
  'suggestion',
  'expected',
  'violations',
  'resources',
  'monthly_cost',
  'text',
] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>;

/**
 * The report as one table by RFC 4180 (commas, CRLF, quotes around whatever is not empty), so that spreadsheets can filter it: the column `section` tells
 * what a row is. `about` rows hold the summary, one fact each, in `kind` and `text`.
 *
 * Tag keys and values are untrusted text, and spreadsheets execute text that looks like a formula. A cell that begins with
 * `=`, `+`, `-`, `@`, a tab or a carriage return, also behind spaces and also in full-width form, gets an apostrophe in front, which
 * spreadsheets take for "this is text". Plain numbers are left alone.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function reportAsCsv(report: Report): string {
  const rows: Row[] = [
    ...aboutRows(report),
    ...report.by_count.map((entry) => rankedRow('by_count', entry)),
    ...(report.by_cost ?? []).map((entry) => rankedRow('by_cost', entry)),
    ...report.recommendations.map(({ action, examples, of: _, ...rest }) => ({
      section: 'recommendation',
      ...rest,
      text: action,
      arn: examples[0],
    })),
    ...report.violations.map(({ allowed_values, ...rest }) => ({
      section: 'violation',
      ...rest,
      allowed_values: allowed_values.join(' | '),
    })),
  ];
  const cells = rows.map((row) => COLUMNS.map((column) => neutralize(String(row[column] ?? ''))));
  return stringify([[...COLUMNS], ...cells], { quoted: true, record_delimiter: 'windows' });
}

function aboutRows(report: Report): Row[] {
  const { summary } = report;
  const facts: Record<string, string | number | boolean | undefined> = {
    sample_data: report.is_sample,
    as_of: report.as_of,
    written_at: report.written_at,
    policy_version: report.policy_version,
    scope: report.scope,
    severity: report.severity,
    coverage: report.coverage,
    resources: summary.resources,
    in_scope: summary.in_scope,
    compliant: summary.compliant,
    non_compliant: summary.non_compliant,
    score: summary.score,
    violations: summary.violations,
    violations_not_listed: report.left_out,
    currency: report.currency,
    cost_weighted_score: summary.cost?.score,
    cost_unknown_for: summary.cost?.unknown,
  };
  return Object.entries(facts).map(([kind, text]) => ({ section: 'about', kind, text: String(text ?? 'unknown') }));
}

function rankedRow(section: string, { kind, tag, severity, violations, resources, monthly_cost }: Ranked): Row {
  return { section, kind, tag, severity, violations, resources, monthly_cost };
}

/** Spaces and invisible characters, followed by a character that starts a formula. */
const FORMULA = /^(?:[\t\r]|[\s\p{Z}\p{Cf}\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;

export function neutralize(cell: string): string {
  return FORMULA.test(cell) && !/^-?\d+(?:\.\d+)?$/.test(cell) ? `'${cell}` : cell;
}
