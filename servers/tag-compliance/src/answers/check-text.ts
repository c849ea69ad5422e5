import type { SeverityFilter, Summary } from '../compliance/evaluate.ts';
import { readableAmount } from '../compliance/money.ts';
import { percent } from '../compliance/percent.ts';
import type { Snapshot } from '../compliance/snapshot.ts';
import type { Violation } from '../policy/violation.ts';
import { type About, aboutLines } from './about.ts';
import { MAX_ROWS } from './abridge.ts';
import { type CostNote, columns, costLines } from './costs.ts';
import { exemptLines } from './exempt.ts';
import { violationDetail } from './violation-text.ts';

/** What the text of a check is made of. */
export interface CheckAnswer {
  summary: Summary;
  severity: SeverityFilter;
  violations: readonly Violation[];
  partly_seen: readonly string[];
  previous?: Pick<Snapshot, 'taken_at' | 'score' | 'non_compliant' | 'in_scope'> | undefined;
  costs?: CostNote | undefined;
  about: About;
}

export function checkText(answer: CheckAnswer): string {
  const { summary, violations, previous, costs, about } = answer;
  const listed = violations.map((violation) => [
    violation.severity,
    violation.kind,
    violation.tag,
    `${violation.arn} ${violationDetail(violation)}`,
  ]);
  return [
    scoreLine(answer),
    ...exemptLines(summary.exempt),
    ...(previous === undefined ? [] : [previousLine(previous)]),
    ...costScoreLines(summary, costs?.currency),
    ...costLines(costs),
    ...typeLines(answer),
    ...countLines(summary),
    ...(listed.length > 0 ? ['', `Violations (${summary.errors} errors, ${summary.warnings} warnings):`, ...columns(listed)] : []),
    '',
    ...aboutLines(about),
  ].join('\n');
}

/** When nothing is in scope the score is 1 by definition, which must not look like a success; neither must a filtered score. */
function scoreLine({ severity, summary: { score, in_scope, compliant, resources, exempt } }: CheckAnswer): string {
  if (resources === 0) return 'There is no score: no resources were seen.';
  if (exempt.resources === resources) return `There is no score: all ${resources} resources that were seen are exempt.`;
  if (in_scope === 0) return `There is no score: no rule of the policy is about any of the ${resources} resources that were seen.`;
  const seen = `${resources} seen${exempt.resources === 0 ? '' : `, ${exempt.resources} exempt`}`;
  if (severity === 'all') return `Compliance ${percent(score)}: ${compliant} of ${in_scope} resources in scope comply (${seen}).`;
  const [counted, ignored] = severity === 'errors_only' ? ['errors', 'warnings'] : ['warnings', 'errors'];
  return `Only ${counted} count here: ${compliant} of ${in_scope} resources in scope have none (${percent(score)}; ${seen}). Their ${ignored} are not counted (severity: ${severity}).`;
}

function previousLine({ taken_at, score, non_compliant, in_scope }: NonNullable<CheckAnswer['previous']>): string {
  return `On ${taken_at.slice(0, 10)} it was ${percent(score)}, with ${non_compliant} of ${in_scope} wrong.`;
}

function costScoreLines({ cost }: Summary, currency: string | undefined): string[] {
  if (cost?.score === undefined) return [];
  const [wrong, all] = [Number(cost.non_compliant), Number(cost.compliant) + Number(cost.non_compliant)].map((amount) =>
    readableAmount(String(amount), currency),
  );
  return [`Weighted by cost: ${percent(cost.score)}; resources that cost ${wrong} of ${all} a month are wrong.`];
}

const TYPES_SHOWN = 12;

/** Types with something wrong, and those that look right because not all of them were seen. */
function typeLines({ summary: { by_type }, partly_seen }: CheckAnswer): string[] {
  const isPartlySeen = (type: string) => partly_seen.includes('*') || partly_seen.includes(type);
  const telling = by_type.filter(({ type, non_compliant }) => non_compliant > 0 || isPartlySeen(type));
  if (by_type.length === 0) return unseenLine(partly_seen);
  const rows = telling.slice(0, TYPES_SHOWN).map(({ type, score, non_compliant, in_scope }) => {
    const figures = [type, percent(score), `${non_compliant} of ${in_scope} wrong`];
    return isPartlySeen(type) ? [...figures, 'not all seen'] : [...figures, ''];
  });
  const rest = telling.length - rows.length;
  // The worst types come first and the rest is cut off: then nothing can be said of those that are not there.
  const isCut = by_type.length >= MAX_ROWS;
  const right = isCut ? 0 : by_type.length - telling.length;
  const unseen = isCut ? [] : partly_seen.filter((type) => type !== '*' && !by_type.some((row) => row.type === type));
  return [
    '',
    ...(rows.length > 0 ? ['By type:', ...columns(rows)] : []),
    ...(rest > 0 ? [`And ${isCut ? 'further' : rest} types with fewer wrong.`] : []),
    ...(right > 0 ? [`Nothing wrong in ${right} ${rows.length > 0 ? 'other ' : ''}types.`] : []),
    ...unseenLine(unseen),
  ];
}

const COUNTS_SHOWN = 8;

/** How many violations there are of each kind and of each tag, the most first. */
function countLines({ by_kind, by_tag }: Summary): string[] {
  if (by_kind.length === 0) return [];
  const kinds = by_kind.map(({ kind, violations }) => `${kind} ${violations}`);
  const tags = by_tag.map(({ tag, violations }) => `${tag} ${violations}`);
  const some = (counts: readonly string[]) =>
    `${counts.slice(0, COUNTS_SHOWN).join(', ')}${counts.length > COUNTS_SHOWN ? ' and others' : ''}`;
  return ['', `Violations by kind: ${some(kinds)}.`, `Violations by tag: ${some(tags)}.`];
}

function unseenLine(types: readonly string[]): string[] {
  return types.length === 0
    ? []
    : [`No resource in scope was seen; these could not be read completely: ${types.includes('*') ? 'all types' : types.join(', ')}.`];
}
