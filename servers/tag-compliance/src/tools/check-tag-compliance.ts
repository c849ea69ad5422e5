import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutScan, aboutSchema } from '../answers/about.ts';
import { abridgeSummary, MAX_ROWS } from '../answers/abridge.ts';
import { checkText } from '../answers/check-text.ts';
import { costNote, costNoteSchema } from '../answers/costs.ts';
import { filters, forceRefresh, includeCosts, resourceTypes, scanQuery } from '../answers/inputs.ts';
import { severityFilterSchema, summarySchema } from '../compliance/evaluate.ts';
import { isConclusive, isInterrupted, scopeOf, snapshotSchema, takeSnapshot } from '../compliance/snapshot.ts';
import { partlySeenTypes } from '../inventory/seen-types.ts';
import { violationSchema, weightiestFirst } from '../policy/violation.ts';
import type { Services } from '../services.ts';

const output = z.object({
  scan_id: z.string(),
  policy_version: z.string(),
  severity: severityFilterSchema.describe('Other violations are not counted'),
  summary: summarySchema.describe(`Breakdowns hold their ${MAX_ROWS} worst rows`),
  partly_seen: z.array(z.string()).describe('Types of which not all was seen: their figures may be too good'),
  violations: z.array(violationSchema),
  previous: snapshotSchema
    .pick({ taken_at: true, score: true, non_compliant: true, in_scope: true })
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
  listVersion: ({ scan_id }, { policy }: Services) => `${scan_id} ${policy.compiled.version}`,
  async run(input, context: Context<Services>) {
    const { source, policy, snapshots, evaluations } = context.services;
    const query = scanQuery(input.resource_types, input.filters, input.force_refresh);
    const scan = await source.scan(query, context);
    const costs = input.include_costs ? await source.resourceCosts(scan.resources, context) : undefined;
    const evaluation = await evaluations.of(scan, { severity: input.severity, costs: costs?.byArn }, context.signal);
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
      severity: input.severity,
      summary: abridgeSummary(evaluation.summary),
      partly_seen: partlySeenTypes(
        scan.coverage,
        evaluation.summary.by_type.map(({ type }) => type),
      ),
      violations: weightiestFirst(evaluation.violations, costs?.byArn),
      ...(previous && { previous }),
      ...(costs && { costs: costNote(costs) }),
      snapshot_stored: isStored,
      about: aboutScan(scan, source.isSample),
    };
  },
  text: (answer) => checkText(answer),
});
