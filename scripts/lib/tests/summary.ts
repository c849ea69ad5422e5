import { indent } from '../terminal.ts';
import type { TestReport } from './report.ts';

export interface WorkspaceReport {
  folder: string;
  /** Nothing when the run ended before it could write one. */
  report: TestReport | undefined;
}

/** The reports of all workspaces as one page, that ends with a line of totals. */
export function summarize(
  workspaces: readonly WorkspaceReport[],
  { refuseSkipped }: { refuseSkipped: boolean },
): { text: string; isGood: boolean } {
  const silent = workspaces.flatMap(({ folder, report }) => {
    if (report === undefined) return [`${folder}: the run ended without a report (see above)`];
    return report.passed + report.failed.length + report.skipped.length === 0 ? [`${folder}: there are no tests`] : [];
  });
  const failed = workspaces.flatMap(({ folder, report }) =>
    (report?.failed ?? []).map(({ name, message }) => `${folder}/${name}\n${indent(message)}`),
  );
  const skipped = workspaces.flatMap(({ folder, report }) =>
    (report?.skipped ?? []).map(({ name, reason }) => `${folder}/${name}: ${reason ?? 'no reason is given'}`),
  );
  const passed = workspaces.reduce((sum, { report }) => sum + (report?.passed ?? 0), 0);
  const failures = [...failed, ...silent];
  const refused = refuseSkipped ? skipped.length : 0;
  const totals = [`${passed} passed`, `${failures.length + refused} failed`, ...(skipped.length > 0 ? [`${skipped.length} skipped`] : [])];
  const text = [
    ...workspaces.map(workspaceLine),
    ...section('Failed:', failures),
    ...section(refuseSkipped ? 'Skipped, which CI does not allow:' : 'Skipped:', skipped),
    '',
    totals.join(', '),
  ].join('\n');
  return { text, isGood: failures.length + refused === 0 };
}

function workspaceLine({ folder, report }: WorkspaceReport): string {
  if (report === undefined) return `${folder}: no report`;
  const parts = [`${report.passed} passed`];
  if (report.failed.length > 0) parts.push(`${report.failed.length} failed`);
  if (report.skipped.length > 0) parts.push(`${report.skipped.length} skipped`);
  return `${folder}: ${parts.join(', ')}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => indent(line, '  '))];
}
