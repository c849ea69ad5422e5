import type { Report } from './report.ts';

/** The complete report, for programs. @param indent how many spaces for each level; 0 for one line */
export function reportAsJson(report: Report, indent = 2): string {
  return `${JSON.stringify(report, null, indent)}\n`;
}
