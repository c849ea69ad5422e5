import { PART_NAMES, type PartName } from '../analysis/change-parts.ts';
import type { Metric } from '../bill/question.ts';
import { centsOfParts, formatCents, formatChange } from '../bill/shown-money.ts';
import { type About, aboutLines, METRIC_TEXT, periodText, spanOfAbout } from './about.ts';
import { readUnits } from './amounts.ts';
import { keyText, table } from './table.ts';

interface Explained {
  before: string;
  after: string;
  change: string;
  parts: Readonly<Record<string, string>>;
}

export interface Explanation extends Explained {
  change_percent?: number | undefined;
  compared_with: string;
  breakdowns: readonly {
    dimension: string;
    groups: readonly (Explained & { key: string })[];
    other_groups: number;
    other_change: string;
  }[];
  line_keys: readonly string[];
  lines: readonly (Explained & { keys: readonly string[] })[];
  metric: string;
  about: About;
}

export const PART_TEXT: Readonly<Record<PartName, string>> = {
  new: 'new: was not there before',
  gone: 'gone: is no more',
  volume: 'volume: more or less was used',
  price: 'price: the same usage costs more or less',
  mix: 'mix: usage moved to dearer or cheaper kinds',
  days: 'days: the periods differ in length',
  credits: 'credits',
  refunds: 'refunds',
  other: 'other: no quantities to compare (tax, fees)',
};

export function explanationText(answer: Explanation): string {
  const { about } = answer;
  const currency = about.currency ?? '';
  return [
    ...headline(answer, currency),
    ...partLines(answer, currency),
    ...answer.breakdowns.flatMap((breakdown) => breakdownLines(breakdown, about)),
    ...lineLines(answer, currency),
    ...aboutLines(about),
  ].join('\n');
}

function headline({ before, after, change_percent, compared_with, metric, about }: Explanation, currency: string): string[] {
  const [now = 0n, was = 0n] = centsOfParts([readUnits(after), -readUnits(before)]);
  const percent = change_percent === undefined ? '' : ` (${change_percent > 0 ? '+' : ''}${change_percent.toFixed(1)} %)`;
  return [
    `${formatChange(now + was, currency)}${percent}: ${formatCents(now, currency)} ${periodText(spanOfAbout(about))}, after ${formatCents(-was, currency)} ${periodText(spanOfAbout({ period: compared_with }))}. Net, ${METRIC_TEXT[metric as Metric].toLowerCase()}.`,
  ];
}

/** The shown cents add up to the shown change. */
function partLines({ parts, change }: Explanation, currency: string): string[] {
  const named = PART_NAMES.flatMap((name) => (parts[name] === undefined ? [] : [{ name, units: readUnits(parts[name]) }]));
  if (named.length === 0) return ['Nothing changed.'];
  const cents = centsOfParts(named.map(({ units }) => units));
  const rows = named.map(({ name }, index) => [formatChange(cents[index] ?? 0n, currency), PART_TEXT[name]]);
  return ['', ...table(['>', 'what the change consists of'], [...rows, [changeText(change, currency), 'in all']])];
}

function breakdownLines(
  { dimension, groups, other_groups, other_change }: Explanation['breakdowns'][number],
  { currency = '', account_names }: About,
): string[] {
  if (groups.length === 0) return [];
  const changes = [...groups.map(({ change }) => readUnits(change)), readUnits(other_change)];
  const cents = centsOfParts(changes).map((cent) => formatChange(cent, currency));
  const rows = groups.map((group, index) => [keyText([group.key], account_names), cents[index] ?? '', reasons(group, currency)]);
  const rest = other_groups === 0 ? [] : [[`${other_groups} more`, cents.at(-1) ?? '', '']];
  return ['', ...table([`by ${dimension}`, '>change', 'because of'], [...rows, ...rest])];
}

function lineLines({ lines, line_keys, about }: Explanation, currency: string): string[] {
  if (lines.length === 0) return [];
  const rows = lines.map((line) => [changeText(line.change, currency), keyText(line.keys, about.account_names), reasons(line, currency)]);
  return ['', ...table(['>largest lines', line_keys.join(' / '), 'because of'], rows)];
}

const REASONS = 3;

/** The largest parts. */
function reasons({ parts }: Explained, currency: string): string {
  const named = PART_NAMES.flatMap((name) => (parts[name] === undefined ? [] : [{ name, units: readUnits(parts[name]) }]));
  const size = (units: bigint) => (units < 0n ? -units : units);
  return named
    .toSorted((a, b) => (size(a.units) > size(b.units) ? -1 : 1))
    .map(({ name, units }) => ({ name, cents: centsOfParts([units])[0] ?? 0n }))
    .filter(({ cents }) => cents !== 0n)
    .slice(0, REASONS)
    .map(({ name, cents }) => `${name} ${formatChange(cents, currency)}`)
    .join(', ');
}

function changeText(change: string, currency: string): string {
  return formatChange(centsOfParts([readUnits(change)])[0] ?? 0n, currency);
}
