import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutLines, aboutScan, aboutSchema } from '../answers/about.ts';
import { columns, costNote, costNoteSchema, percent } from '../answers/costs.ts';
import { filters, includeCosts, resourceTypes, scanQuery } from '../answers/inputs.ts';
import { evaluate, severityFilterSchema, summarySchema } from '../compliance/evaluate.ts';
import { scopeOf, takeSnapshot } from '../compliance/snapshot.ts';
import { type Violation, violationSchema } from '../compliance/violation.ts';
import type { Services } from '../services.ts';

const output = z.object({
  scan_id: z.string(),
  policy_version: z.string(),
  summary: summarySchema,
  violations: z.array(violationSchema),
  costs: costNoteSchema.optional(),
  snapshot_stored: z.boolean(),
  about: aboutSchema,
});

export const checkTagCompliance = defineTool({
  name: 'check_tag_compliance',
  title: 'Check tag compliance',
  description:
    'Scores AWS resources against the tagging policy and lists every violation. Says what it could not see. A large first scan may answer with a part; asking again continues it.',
  access: 'read',
  longRunning: true,
  idempotent: true,
  input: z.object({
    resource_types: resourceTypes(),
    filters: filters(),
    severity: severityFilterSchema.default('all').describe('Which violations count'),
    include_costs: includeCosts(),
    store_snapshot: z.boolean().default(true).describe('Remember the result for the history'),
    force_refresh: z.boolean().default(false).describe('Look at AWS again instead of using a recent scan'),
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
    const about = {
      takenAt: context.now(),
      scope: scopeOf(query, input.severity),
      coverage: scan.coverage,
      policyVersion: policy.compiled.version,
    };
    return {
      scan_id: scan.id,
      policy_version: policy.compiled.version,
      summary: evaluation.summary,
      violations: evaluation.violations,
      ...(costs && { costs: costNote(costs) }),
      snapshot_stored: input.store_snapshot && (await snapshots.add(scan.id, takeSnapshot(evaluation, about))),
      about: aboutScan(scan, source.isSample),
    };
  },
  text: (answer) => checkText(answer),
});

const SHOWN = 8;

function checkText({ summary, violations, costs, about }: z.output<typeof output>): string {
  const { score, in_scope, compliant, resources, errors, warnings } = summary;
  const weighted = summary.cost?.score == null ? [] : [`Weighted by cost: ${percent(summary.cost.score)}.`];
  const worst = summary.by_type
    .slice(0, SHOWN)
    .map((row) => [row.type, percent(row.score), `${row.non_compliant} of ${row.in_scope} wrong`]);
  const first = violations.slice(0, SHOWN).map((violation) => [violation.severity, violation.kind, violation.tag, detailOf(violation)]);
  return [
    `Compliance ${percent(score)}: ${compliant} of ${in_scope} resources in scope comply (${resources} seen); ${errors} errors, ${warnings} warnings.`,
    ...weighted,
    ...(costs?.caveats ?? []),
    ...(worst.length > 0 ? ['', 'By type:', ...columns(worst)] : []),
    ...(first.length > 0 ? ['', 'Violations:', ...columns(first)] : []),
    '',
    ...aboutLines(about),
  ].join('\n');
}

/** `arn:… has "Ownr"`, `arn:… has "prod", likely "production"`: what to look at, and what it should be. */
function detailOf({ arn, current_value, found, kind, suggestion }: Violation): string {
  const present = found ?? (kind === 'missing_required_tag' ? undefined : current_value);
  if (present === undefined || present === null) return arn;
  return `${arn} has "${present}"${suggestion === undefined ? '' : `, likely "${suggestion}"`}`;
}
