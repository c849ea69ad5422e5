import { AwsError } from '@fairway-mcp/aws';
import { type Priced, priceOf } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';
import { Big } from 'big.js';
import { demandCaveats, isAnyRequired } from '../../compliance/demands.ts';
import { type SpentValues, wrongValueCaveat } from '../../compliance/spent-values.ts';
import { isTaggable, typeOfUsage } from '../../inventory/service-types.ts';
import type { AttributedSpend, CallContext, CostGrouping, RequiredTag, Source } from '../../inventory/source.ts';
import { runUntilDeadline } from '../deadline.ts';
import { activationCaveats } from './activation.ts';
import { allOf, attributableFilter, baseFilters, hasTooManyValues } from './attribution-filters.ts';
import { type CostExplorer, dimension, type Filter, type Grouping, type Spend, type SpendQuestion } from './cost-explorer.ts';
import { spentValues } from './spent-values.ts';

export type SpendQuery = Parameters<Source['attributedSpend']>[0] & {
  /** Accounts of the settings; none means everything that Cost Explorer shows. */
  configuredAccounts: readonly string[];
};

/** Cost Explorer groups by at most two things. One is always the service: it tells whether the spend could be tagged at all. */
const GROUPINGS: Record<CostGrouping, readonly Grouping[]> = {
  region: [dimension('SERVICE'), dimension('REGION')],
  account: [dimension('SERVICE'), dimension('LINKED_ACCOUNT')],
  resource_type: [dimension('SERVICE'), dimension('USAGE_TYPE')],
};

/**
 * Spend by group, and the part of it that carries every required tag with a value that the policy accepts: two queries to Cost Explorer
 * with the same grouping, so that each unit of spend is counted once. For tags whose values the policy describes by a pattern, further
 * queries read the values in use first. Costs are amortized; tax, credits and refunds are left out.
 * @throws ToolError
 */
export async function attributedSpend(costExplorer: CostExplorer, query: SpendQuery, call: CallContext): Promise<AttributedSpend> {
  try {
    return await runUntilDeadline(call, 'The query to Cost Explorer', (limited) => queryCostExplorer(costExplorer, query, limited));
  } catch (error) {
    call.signal.throwIfAborted();
    throw error instanceof AwsError ? toToolError(error) : error;
  }
}

async function queryCostExplorer(
  costExplorer: CostExplorer,
  query: SpendQuery,
  { signal, progress }: CallContext,
): Promise<AttributedSpend> {
  const { start, end, required, groupBy } = query;
  const accounts = query.accounts.length > 0 ? query.accounts : query.configuredAccounts;
  const base = baseFilters(accounts, query.regions);
  const question = { start, end, groupBy: GROUPINGS[groupBy] };
  progress(0, 4, 'Querying Cost Explorer for all spend');
  const total = await costExplorer.spend({ ...question, filter: allOf(base) }, signal);
  progress(1, 4, 'Querying Cost Explorer for the values of tags in use');
  const spent = await spentValues(costExplorer, { start, end, filter: allOf(base) }, required, signal);
  progress(2, 4, 'Querying Cost Explorer for the spend with the required tags');
  const filter = attributableFilter(required, spent.byKey);
  const attributable = await spendWith(costExplorer, { ...question, filter: filter && allOf([...base, filter]) }, total, required, signal);
  progress(3, 4, 'Querying which tags are activated for cost allocation');
  const isZero = attributable.value.groups.every(({ amount }) => new Big(amount).eq(0));
  const activation = await activationCaveats(costExplorer, query, isZero, signal);
  progress(4, 4, 'Done');

  const { currency, isEstimated } = total.value;
  const groups = toGroups(groupBy, total.value, attributable.value);
  return {
    groups,
    currency,
    price: priceOf(total.pages + spent.pages + attributable.pages + activation.pages),
    method: 'cost_allocation_tags',
    caveats: [
      'Tax, credits and refunds are left out: they cannot carry tags. Commitments are spread over the usage that they pay for (amortized).',
      ...activation.caveats,
      ...valueCaveats(required, spent.byKey, currency),
      ...demandCaveats(required, unrequiredGap(required, total.value, attributable.value), currency),
      ...(isEstimated ? ['Some of the period is not billed yet, so its amounts are estimates.'] : []),
      ...(await accountCaveats(costExplorer, groupBy, accounts, groups, signal)),
      ...(groupBy === 'resource_type' ? [TYPE_CAVEAT] : []),
    ],
  };
}

/** The spend that passes a filter. Nothing is asked, and paid, where the answer is known to be everything or nothing. */
async function spendWith(
  costExplorer: CostExplorer,
  { filter, ...question }: Omit<SpendQuestion, 'filter'> & { filter: Filter | undefined },
  total: Priced<Spend>,
  required: readonly RequiredTag[],
  signal: AbortSignal,
): Promise<Priced<Spend>> {
  if (required.length === 0) return { ...total, pages: 0 };
  if (filter === undefined) return { ...total, value: { ...total.value, groups: [] }, pages: 0 };
  return costExplorer.spend({ ...question, filter }, signal);
}

const TYPE_CAVEAT =
  'Types are derived from the service and the usage type on the bill; spend without a type, such as data transfer, is under "other".';

/** The spend that is not attributable, of services of which the policy requires no tag. */
function unrequiredGap(required: readonly RequiredTag[], total: Spend, attributable: Spend): Big {
  const sum = ({ groups }: Spend) =>
    groups.reduce((all, { keys: [service = ''], amount }) => (isAnyRequired(service, required) ? all : all.plus(amount)), new Big(0));
  return sum(total).minus(sum(attributable));
}

function valueCaveats(required: readonly RequiredTag[], spent: ReadonlyMap<string, SpentValues>, currency: string): string[] {
  return required.flatMap((tag) => {
    const values = spent.get(tag.key);
    if (values === undefined) return [];
    if (hasTooManyValues(tag, values))
      return [`${tag.key} has more values than Cost Explorer can be asked for, so every value of it counts as right.`];
    return wrongValueCaveat(tag, values, currency);
  });
}

function toGroups(groupBy: CostGrouping, total: Spend, attributable: Spend): AttributedSpend['groups'] {
  const sums = new Map<string, { total: Big; attributable: Big; taggable: Big }>();
  for (const [part, { groups }] of [
    ['total', total],
    ['attributable', attributable],
  ] as const) {
    for (const { keys, amount } of groups) {
      const key = groupKey(groupBy, keys);
      const sum = sums.get(key) ?? { total: new Big(0), attributable: new Big(0), taggable: new Big(0) };
      const taggable = part === 'total' && isTaggable(keys[0] ?? '') ? sum.taggable.plus(amount) : sum.taggable;
      sums.set(key, { ...sum, taggable, [part]: sum[part].plus(amount) });
    }
  }
  return [...sums]
    .sort(([, a], [, b]) => b.total.cmp(a.total))
    .map(([key, sum]) => ({
      key,
      total: sum.total.toFixed(),
      attributable: sum.attributable.toFixed(),
      taggable: sum.taggable.toFixed(),
    }));
}

function groupKey(groupBy: CostGrouping, [service = '', second = '']: readonly string[]): string {
  if (groupBy === 'resource_type') return typeOfUsage(service, second);
  return groupBy === 'region' && (second === '' || second === 'NoRegion') ? 'global' : second;
}

async function accountCaveats(
  costExplorer: CostExplorer,
  groupBy: CostGrouping,
  accounts: readonly string[],
  groups: AttributedSpend['groups'],
  signal: AbortSignal,
): Promise<string[]> {
  const account = await costExplorer.account(signal);
  if (accounts.length === 0) return [`This is all spend that Cost Explorer shows to account ${account}.`];
  const unseen = groupBy === 'account' ? accounts.filter((asked) => !groups.some(({ key }) => key === asked)) : [];
  if (unseen.length === 0) return [];
  return [
    `There is no spend for ${unseen.join(', ')}. The query was made as account ${account}, which sees other accounts only when it is the management account.`,
  ];
}

function toToolError(error: AwsError): ToolError {
  const { action, failure, message } = error;
  switch (failure) {
    case 'access_denied':
      return new ToolError({
        kind: 'upstream_rejected',
        message: `Spend cannot be seen: ${message}`,
        remedy: `Allow ${action} for this identity. In a linked account the management account must allow access to Cost Explorer too.`,
        cause: error,
      });
    case 'rejected':
      return new ToolError({
        kind: 'upstream_rejected',
        message: `Cost Explorer rejected the query (${error.code}).`,
        remedy: 'Ask for a period within the last 13 months that does not end in the future.',
        cause: error,
      });
    case 'throttled':
      return new ToolError({
        kind: 'upstream_unavailable',
        message,
        remedy: 'Ask again in a minute.',
        retryAfterS: 60,
        cause: error,
      });
    default:
      return new ToolError({
        kind: 'upstream_unavailable',
        message,
        remedy: 'Ask again in a minute, or run doctor to see what is wrong.',
        cause: error,
      });
  }
}
