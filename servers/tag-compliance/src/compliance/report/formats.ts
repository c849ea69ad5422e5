import { CSV_TABLES, type CsvTable, reportAsCsv } from './csv.ts';
import { reportAsJson } from './json.ts';
import { reportAsMarkdown } from './markdown.ts';
import type { Report } from './report.ts';

/** How a report can be written. The tables of CSV are one format each. */
export const REPORT_FORMATS = ['markdown', 'json', ...CSV_TABLES] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

interface FormatFacts {
  mimeType: string;
  /** What is in it, for a list. */
  title: string;
}

const CSV_TYPE = 'text/csv';

const FACTS: Readonly<Record<ReportFormat, FormatFacts>> = {
  markdown: { mimeType: 'text/markdown', title: 'Compliance report' },
  json: { mimeType: 'application/json', title: 'Compliance report as JSON' },
  csv: { mimeType: CSV_TYPE, title: 'Violations' },
  csv_summary: { mimeType: CSV_TYPE, title: 'Summary of the compliance report' },
  csv_ranking: { mimeType: CSV_TYPE, title: 'Violations by kind and tag' },
  csv_next_steps: { mimeType: CSV_TYPE, title: 'Next steps' },
};

export function factsOf(format: ReportFormat): FormatFacts {
  return FACTS[format];
}

export function isReportFormat(text: string | undefined): text is ReportFormat {
  return REPORT_FORMATS.some((format) => format === text);
}

/** Whether a format lists single violations, which are many. */
export function listsViolations(format: ReportFormat): boolean {
  return format === 'markdown' || format === 'json' || format === 'csv';
}

/** The last report of a user, in one of the formats. */
export function reportUri(format: ReportFormat): string {
  return `report://latest/${format}`;
}

/** @param indent of JSON */
export function writeReport(report: Report, format: ReportFormat, indent?: number): string {
  if (format === 'markdown') return reportAsMarkdown(report);
  return format === 'json' ? reportAsJson(report, indent) : reportAsCsv(report, format satisfies CsvTable);
}
