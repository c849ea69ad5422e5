import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutLines, aboutScan, aboutSchema } from '../answers/about.ts';
import { abridgeSummary, MAX_ROWS } from '../answers/abridge.ts';
import { columns, costNote, costNoteSchema } from '../answers/costs.ts';
import { filters, forceRefresh, includeCosts, resourceTypes, scanQuery } from '../answers/inputs.ts';
import { evaluate, severityFilterSchema, summarySchema } from '../compliance/evaluate.ts';
import { percent } from '../compliance/percent.ts';
import { isConclusive, isInterrupted, scopeOf, snapshotSchema, takeSnapshot } from '../compliance/snapshot.ts';
import { type Violation, violationSchema, weightiestFirst } from '../policy/violation.ts';
import type { Services } from '../services.ts';

const output = z.object({
  scan_id: z.string(),
  policy_version: z.string(),
  summary: summarySchema.describe(`Breakdowns hold their ${MAX_ROWS} worst rows`),
  violations: z.array(violationSchema),
  previous: snapshotSchema
    .pick({ taken_at: true, score: true, non_compliant: true })
    .optional()
    .describe('The stored scan before this one, of the same scope and policy'),
  costs: costNoteSchema.optional(),
  snapshot_stored: z.boolean(),
  about: aboutSchema,
});

export const checkTagCompliance = defineTool({
  name: 'check_tag_compliance',
  title: 'Check tag compliance',
  description:
    'Scores AWS resources against the tagging policy and lists every violation. Says what it could not see. A large first scan may return a part; calling again continues it.',
  access: 'read',
  longRunning: true,
  idempotent: true,
  input: z.object({
    resource_types: resourceTypes(),
    filters: filters(),
    severity: severityFilterSchema.default('all').describe('Which violations count'),
    include_costs: includeCosts(),
    store_snapshot: z.boolean().default(true).describe('Store the result for the history'),
    force_refresh: forceRefresh(),
  }),
  output,
  list: 'violations',
  firstPageOnly: ['store_snapshot', 'force_refresh'],
  listVersion: ({ scan_id }) => scan_id,
  async run(input, context: Context<Services>) {
    const { source, policy, snapshots } = context.services;
    const query = scanQuery(input.resource_types, input.filters, input.force_refresh);
    const scan = await source.scan(query, context);
    const costs = input.include_costs ? await source.resourceCosts(scan.resources, context) : undefined;
    const evaluation = evaluate(scan.resources, policy.compiled, { severity: input.severity, ...(costs && { costs: costs.byArn }) });
    const snapshot = takeSnapshot(evaluation, {
      takenAt: context.now(),
      scope: scopeOf(query, input.severity),
      coverage: scan.coverage,
      policyVersion: policy.compiled.version,
    });
    const reference = { inventory: await source.inventoryName(context), id: scan.id, isInterrupted: isInterrupted(scan.coverage) };
    const previous = await snapshots.before(reference, snapshot);
    const isWanted = input.store_snapshot && !context.isLaterPage && isConclusive(scan.coverage, snapshot);
    const isStored = isWanted && (await snapshots.add(reference, snapshot));
    return {
      scan_id: scan.id,
      policy_version: policy.compiled.version,
      summary: abridgeSummary(evaluation.summary),
      violations: weightiestFirst(evaluation.violations, costs?.byArn),
      ...(previous && { previous }),
      ...(costs && { costs: costNote(costs) }),
      snapshot_stored: isStored,
      about: aboutScan(scan, source.isSample),
    };
  },
  text: (answer) => checkText(answer),
});

const TYPES_SHOWN = 12;

function checkText({ summary, violations, previous, costs, about }: z.output<typeof output>): string {
  const { by_type, errors, warnings } = summary;
  const worst = by_type.slice(0, TYPES_SHOWN).map((row) => [row.type, percent(row.score), `${row.non_compliant} of ${row.in_scope} wrong`]);
  const listed = violations.map((violation) => [violation.severity, violation.kind, violation.tag, detailOf(violation)]);
  return [
    scoreLine(summary),
    ...(previous === undefined
      ? []
      : [`On ${previous.taken_at.slice(0, 10)} it was ${percent(previous.score)}, with ${previous.non_compliant} wrong.`]),
    ...(summary.cost?.score === undefined ? [] : [`Weighted by cost: ${percent(summary.cost.score)}.`]),
    ...(costs?.caveats ?? []),
    ...(worst.length > 0 ? ['', 'By type:', ...columns(worst)] : []),
    ...(by_type.length > TYPES_SHOWN ? ['And further types with fewer violations.'] : []),
    ...(listed.length > 0 ? ['', `Violations (${errors} errors, ${warnings} warnings):`, ...columns(listed)] : []),
    '',
    ...aboutLines(about),
  ].join('\n');
}

/** When nothing is in scope the score is 1 by definition, which must not look like a success. */
function scoreLine({ score, in_scope, compliant, resources }: z.output<typeof summarySchema>): string {
  if (resources === 0) return 'There is no score: no resources were seen.';
  if (in_scope === 0) return `There is no score: no rule of the policy is about any of the ${resources} resources that were seen.`;
  return `Compliance ${percent(score)}: ${compliant} of ${in_scope} resources in scope comply (${resources} seen).`;
}

/** `arn:… has "Ownr"`, `arn:… has "prod", likely "production"`: what to look at, and what it should be. */
function detailOf({ arn, current_value, found, kind, suggestion }: Violation): string {
  const present = found ?? (kind === 'missing_required_tag' ? undefined : current_value);
  if (present === undefined) return arn;
  return `${arn} has "${present}"${suggestion === undefined ? '' : `, likely "${suggestion}"`}`;
}
