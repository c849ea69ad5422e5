import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutLines, aboutScan, aboutSchema } from '../answers/about.ts';
import { type CostNote, columns, costLines, costNote, costNoteSchema } from '../answers/costs.ts';
import { exemptLines } from '../answers/exempt.ts';
import { accounts, forceRefresh, includeCosts, regions, resourceTypes, scanQuery } from '../answers/inputs.ts';
import { exemptCountsSchema } from '../compliance/exempt.ts';
import { readableAmount } from '../compliance/money.ts';
import { findUntagged, type Untagged, untaggedSchema } from '../compliance/untagged.ts';
import type { Services } from '../services.ts';

const output = z.object({
  scan_id: z.string(),
  resources: z.array(untaggedSchema),
  left_out: z.object({ cheaper: z.int(), unknown_cost: z.int() }).optional().describe('By min_cost_threshold'),
  exempt: exemptCountsSchema,
  costs: costNoteSchema.optional(),
  about: aboutSchema,
});

export const findUntaggedResources = defineTool({
  name: 'find_untagged_resources',
  title: 'Find untagged resources',
  description:
    'Lists resources that have no tags or lack required ones, with age and, on request, monthly cost: the oldest first, with costs the most expensive.',
  access: 'read',
  longRunning: true,
  input: z.object({
    resource_types: resourceTypes(),
    regions: regions(),
    account_ids: accounts(),
    include_costs: includeCosts(),
    min_cost_threshold: z.number().min(0).optional().describe('Only what costs at least this much a month; reads costs'),
    force_refresh: forceRefresh(),
  }),
  output,
  list: 'resources',
  firstPageOnly: ['force_refresh'],
  listVersion: ({ scan_id }, { policy }: Services) => `${scan_id} ${policy.compiled.version}`,
  async run(input, context: Context<Services>) {
    const { source, policy } = context.services;
    const minCost = input.min_cost_threshold;
    const places = { region: input.regions, account_id: input.account_ids };
    const scan = await source.scan(scanQuery(input.resource_types, places, input.force_refresh), context);
    const costs = input.include_costs || minCost !== undefined ? await source.resourceCosts(scan.resources, context) : undefined;
    const options = { now: new Date(scan.asOf), ...(costs && { costs: costs.byArn }), ...(minCost !== undefined && { minCost }) };
    const found = await findUntagged(scan.resources, policy.compiled, options, context.signal);
    return {
      scan_id: scan.id,
      resources: found.entries,
      exempt: found.exempt,
      ...(minCost !== undefined && { left_out: { cheaper: found.cheaper, unknown_cost: found.unknown_cost } }),
      ...(costs && { costs: costNote(costs) }),
      about: aboutScan(scan, source.isSample),
    };
  },
  text: (answer) => untaggedText(answer),
});

function untaggedText({ resources, left_out, exempt, costs, about }: z.output<typeof output>): string {
  return [
    resources.length === 0 ? 'Nothing was found in what was seen.' : 'Untagged, or lacking required tags:',
    ...columns(resources.map((resource) => untaggedRow(resource, costs))),
    ...(left_out === undefined ? [] : [`Not listed: ${left_out.cheaper} that cost less, ${left_out.unknown_cost} of unknown cost.`]),
    ...exemptLines(exempt),
    ...costLines(costs),
    '',
    ...aboutLines(about),
  ].join('\n');
}

/** The ARN comes last, with the name where it is another one. ARNs of buckets name neither region nor account. */
function untaggedRow(resource: Untagged, costs: CostNote | undefined): string[] {
  const { arn, type, region, account, name, missing, age_days, monthly_cost, problem } = resource;
  const cost = monthly_cost === undefined ? 'cost unknown' : `${readableAmount(monthly_cost, costs?.currency)} a month`;
  return [
    ...[type, account, region, age_days === undefined ? 'age unknown' : `${age_days} days`],
    ...(costs === undefined ? [] : [cost]),
    problem === 'no_tags' ? 'no tags' : `lacks ${missing.join(', ')}`,
    arn.endsWith(name) ? arn : `${arn} (${name})`,
  ];
}
