import Big from 'big.js';
import { someOf } from '../../policy/violation.ts';
import type { CostScore } from '../cost-score.ts';
import { readableAmount } from '../money.ts';
import { percent } from '../percent.ts';
import { readableScope } from '../snapshot.ts';
import type { Ranked, Report } from './report.ts';

/** The report for users. Text from tags and names is escaped: it cannot make links, images, HTML or further table cells. */
export function reportAsMarkdown(report: Report): string {
  return `${[heading(report), summaryPart(report), rankings(report), nextSteps(report), violations(report)].flat().join('\n')}\n`;
}

function heading(report: Report): string[] {
  return [
    '# Tag compliance report',
    '',
    ...(report.is_sample ? ['> **Sample data.** This organization is made up.', ''] : []),
    `As of ${report.as_of}, policy ${escapeMarkdown(report.policy_version)}, ${escapeMarkdown(readableScope(report.scope))}.`,
    '',
    escapeMarkdown(report.coverage),
    '',
  ];
}

function summaryPart({ summary, currency }: Report): string[] {
  const { cost } = summary;
  const money = cost && [
    ['Score by cost (monthly cost of what is compliant)', cost.score === undefined ? 'unknown' : costShare(cost, currency)],
    ['Monthly cost of what is not compliant', readableAmount(cost.non_compliant, currency)],
    ['Resources of unknown cost, left out of the score by cost', String(cost.unknown)],
  ];
  return [
    '## Summary',
    '',
    ...table(
      ['', ''],
      [
        [
          'Score (compliant of those in scope)',
          summary.in_scope === 0
            ? 'none, as nothing is in scope'
            : `${percent(summary.score)} (${summary.compliant} of ${summary.in_scope})`,
        ],
        ['Resources seen', String(summary.resources)],
        ['Exempt from the policy, not counted', String(summary.exempt.resources)],
        ['In scope of the policy', String(summary.in_scope)],
        ['Compliant', String(summary.compliant)],
        ['Not compliant', String(summary.non_compliant)],
        ['Violations', `${summary.violations} (${summary.errors} errors, ${summary.warnings} warnings)`],
        ...(money ?? []),
      ],
    ),
    ...exemptPart(summary.exempt),
  ];
}

function exemptPart({ by_reason, age_unknown }: Report['summary']['exempt']): string[] {
  const rows = Object.entries(by_reason).map(([reason, resources]) => [escapeMarkdown(reason), String(resources)]);
  return [
    ...(rows.length > 0 ? ['## Exempt', '', ...table(['Why', 'Resources'], rows)] : []),
    ...(age_unknown > 0 ? [`A grace period was not applied to ${age_unknown} resources of unknown age: they count.`, ''] : []),
  ];
}

function costShare({ score = 0, compliant, non_compliant }: CostScore, currency: string | undefined): string {
  const all = new Big(compliant).plus(non_compliant).toFixed();
  return `${percent(score)} (${readableAmount(compliant, currency)} of ${readableAmount(all, currency)})`;
}

function rankings({ by_count, by_cost, currency }: Report): string[] {
  const areCostsKnown = by_cost !== undefined;
  const head = ['Violation', 'Tag', 'Severity', 'Violations', 'Resources', ...(areCostsKnown ? ['Monthly cost'] : [])];
  const row = (entry: Ranked) => [
    words(entry.kind),
    escapeMarkdown(entry.tag),
    entry.severity,
    String(entry.violations),
    String(entry.resources),
    ...(areCostsKnown ? [entry.monthly_cost === undefined ? 'unknown' : readableAmount(entry.monthly_cost, currency)] : []),
  ];
  const part = (title: string, entries: readonly Ranked[]) =>
    entries.length === 0 ? [] : [`## ${title}`, '', ...table(head, entries.map(row))];
  return [...part('Violations by count', by_count), ...part('Violations by cost', by_cost ?? [])];
}

function nextSteps({ recommendations, currency }: Report): string[] {
  if (recommendations.length === 0) return [];
  const steps = recommendations.map(({ action, monthly_cost, effort }, index) => {
    const cost = monthly_cost === undefined ? '' : ` They cost ${readableAmount(monthly_cost, currency)} a month.`;
    return `${index + 1}. ${escapeMarkdown(action)}${cost} Effort: ${effort}.`;
  });
  const order = `The most ${currency === undefined ? 'violations' : 'money'} for the least work first.`;
  return ['## Next steps', '', order, '', ...steps, ''];
}

function violations(report: Report): string[] {
  if (report.violations.length === 0) return [];
  const rows = report.violations.map(({ arn, kind, tag, current_value, suggestion, expected, allowed_values, found }) => [
    escapeMarkdown(arn),
    words(kind),
    escapeMarkdown(found === undefined ? tag : `${found} (${tag})`),
    escapeMarkdown(current_value ?? ''),
    escapeMarkdown(suggestion ?? (someOf(allowed_values) || (expected ?? ''))),
  ]);
  return [
    '## Violations',
    '',
    ...table(['Resource', 'Violation', 'Tag', 'Value', 'Right'], rows),
    ...(report.left_out > 0 ? [`And ${report.left_out} more, which are not listed here.`, ''] : []),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function words(kind: string): string {
  return kind.replaceAll('_', ' ');
}

/** Replaces line breaks with spaces and escapes everything that Markdown or HTML treats as markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|~!]/g, '\\$&');
}
