import { type Context, defineTool } from '@fairway-mcp/kit';
import { parsePeriod, period } from '@fairway-mcp/validation';
import * as z from 'zod';
import { columns, costNote, costNoteSchema, priceLine } from '../answers/costs.ts';
import { filters } from '../answers/inputs.ts';
import { attributionGap, attributionSchema } from '../compliance/attribution.ts';
import { readableAmount } from '../compliance/money.ts';
import { regionDoubts } from '../inventory/region-doubt.ts';
import { attributionTags } from '../policy/required-tags.ts';
import type { Services } from '../services.ts';

const output = attributionSchema.extend({
  group_by: z.enum(['resource_type', 'region', 'account']),
  required_tags: z.array(z.string()).describe('What spend must carry to be attributable'),
  method: z.enum(['cost_allocation_tags', 'resources']),
  costs: costNoteSchema,
  sample: z.boolean().describe('True: the data is made up'),
});

export const getCostAttributionGap = defineTool({
  name: 'get_cost_attribution_gap',
  title: 'Get cost attribution gap',
  description:
    'How much spend cannot be attributed because required tags are missing or wrong, by account, region or resource type. Queries Cost Explorer: a few cents.',
  access: 'read',
  input: z.object({
    time_period: period().default('last_30_days'),
    group_by: z.enum(['resource_type', 'region', 'account']).default('account').describe('How to break it down'),
    filters: filters(),
  }),
  output,
  async run(input, context: Context<Services>) {
    const { source, policy } = context.services;
    const span = parsePeriod(input.time_period, source.billedUntil ?? context.now());
    if (span === undefined) throw new TypeError('The period was validated and cannot be read.');
    const { required, leftOut, isKeyCaseIgnored } = attributionTags(policy.compiled.policy);
    const query = { ...span, groupBy: input.group_by, accounts: input.filters.account_id, regions: input.filters.region, required };
    const spend = await source.attributedSpend(query, context);
    return {
      ...attributionGap(spend.groups),
      group_by: input.group_by,
      required_tags: required.map(({ key }) => key),
      method: spend.method,
      costs: costNote({
        ...spend,
        period: span,
        caveats: [
          ...regionDoubts(input.filters.region),
          ...leftOut.map(leftOutCaveat),
          ...(isKeyCaseIgnored ? [KEY_CASE_CAVEAT] : []),
          ...(policy.compiled.policy.exemptions.length > 0 ? [EXEMPTIONS_CAVEAT] : []),
          ...spend.caveats,
        ],
      }),
      sample: source.isSample,
    };
  },
  text: (answer) => gapText(answer),
});

function leftOutCaveat(key: string): string {
  return `${key} is required of some types only. The bill names services, not the types of the policy, so it was left out.`;
}

const KEY_CASE_CAVEAT =
  'The policy ignores letter case in keys and billing data does not: spend with a key in another case counts as not attributable.';

const EXEMPTIONS_CAVEAT =
  'The policy exempts some resources. Billing data does not tell which, so their spend counts as not attributable where it lacks the tags.';

const SHOWN = 25;

function gapText(answer: z.output<typeof output>): string {
  const { total, attributable, gap, gap_percent, taggable, breakdown, costs, required_tags, sample } = answer;
  const money = (amount: string) => readableAmount(amount, costs.currency);
  const share = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(1)} %`);
  const rows = breakdown
    .slice(0, SHOWN)
    .map((row) => [row.key || '(none)', money(row.gap), `of ${money(row.total)}`, share(row.gap_percent)]);
  const taggableSentence =
    taggable.gap_percent === undefined
      ? ''
      : ` Of the spend that can carry tags at all, ${money(taggable.total)}, the gap is ${share(taggable.gap_percent)}.`;
  return [
    breakdown.length === 0
      ? `There is no spend of this in ${costs.period}.`
      : `${money(gap)} of ${money(total)}${gap_percent === undefined ? '' : ` (${share(gap_percent)})`} cannot be attributed; ${money(attributable)} can (${costs.period}).`,
    ...(required_tags.length === 0
      ? ['The policy requires no tag, so all spend counts as attributable.']
      : [`Attributable spend carries ${required_tags.join(', ')} with values that the policy accepts.${taggableSentence}`]),
    ...(rows.length === 0 ? [] : ['', ...columns(rows)]),
    ...(breakdown.length > SHOWN ? [`And ${breakdown.length - SHOWN} more.`] : []),
    '',
    ...costs.caveats,
    `${priceLine(costs)}${sample ? ' SAMPLE DATA: this organization is made up.' : ''}`,
  ].join('\n');
}
