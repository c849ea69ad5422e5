import { AwsError } from '@fairway-mcp/aws';
import { ToolError } from '@fairway-mcp/kit';
import { Big } from 'big.js';
import type { AttributedSpend, CallContext, CostGrouping, RequiredTag, Source } from '../../inventory/source.ts';
import { runUntilDeadline } from '../deadline.ts';
import { priceOf } from './budget.ts';
import type { CostExplorer, Filter, Spend } from './cost-explorer.ts';
import { isTaggable, typeOfUsage } from './service-types.ts';

export type SpendQuery = Parameters<Source['attributedSpend']>[0] & {
  /** Accounts of the settings; none means everything that Cost Explorer shows. */
  configuredAccounts: readonly string[];
};

/** The service is always grouped by, because it tells what can be tagged at all. Cost Explorer allows two dimensions. */
const DIMENSIONS: Record<CostGrouping, readonly string[]> = {
  region: ['SERVICE', 'REGION'],
  account: ['SERVICE', 'LINKED_ACCOUNT'],
  resource_type: ['SERVICE', 'USAGE_TYPE'],
};

/** Record types that are no usage and cannot carry tags. */
const NOT_SPEND = ['Credit', 'Refund', 'Tax'];

/**
 * Spend by group, and the part of it that carries every required tag with an accepted value: two queries to Cost Explorer with the same
 * grouping, so that each unit of spend is counted once. Amortized, without tax, credits and refunds.
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
  const question = { start, end, groupBy: DIMENSIONS[groupBy] };
  const tags = required.map(carries);
  progress(0, 3, 'Querying Cost Explorer for all spend');
  const total = await costExplorer.spend({ ...question, filter: all(base) }, signal);
  progress(1, 3, 'Querying Cost Explorer for the spend with the required tags');
  const attributable =
    tags.length === 0 ? { ...total, pages: 0 } : await costExplorer.spend({ ...question, filter: all([...base, ...tags]) }, signal);
  progress(2, 3, 'Querying which tags are activated for cost allocation');
  const isZero = attributable.value.groups.every(({ amount }) => new Big(amount).eq(0));
  const activation = await activationCaveats(costExplorer, query, isZero, signal);
  progress(3, 3, 'Done');

  const groups = toGroups(groupBy, total.value, attributable.value);
  return {
    groups,
    currency: total.value.currency,
    price: priceOf(total.pages + attributable.pages + activation.pages),
    method: 'cost_allocation_tags',
    caveats: [
      'Tax, credits and refunds are left out: they cannot carry tags. Commitments are spread over the usage that they pay for (amortized).',
      ...activation.caveats,
      ...(total.value.isEstimated ? ['Some of the period is not billed yet, so its amounts are estimates.'] : []),
      ...(await accountCaveats(costExplorer, groupBy, accounts, groups, signal)),
      ...(groupBy === 'resource_type' ? [TYPE_CAVEAT] : []),
    ],
  };
}

const TYPE_CAVEAT =
  'Types are derived from the service and the usage type on the bill; spend without a type, such as data transfer, is under "other".';

function baseFilters(accounts: readonly string[], regions: readonly string[]): Filter[] {
  return [
    { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: NOT_SPEND } } },
    ...(accounts.length > 0 ? [{ Dimensions: { Key: 'LINKED_ACCOUNT' as const, Values: [...accounts].sort() } }] : []),
    ...(regions.length > 0 ? [{ Dimensions: { Key: 'REGION' as const, Values: [...regions].sort() } }] : []),
  ];
}

/** Spend that carries a tag, with one of its values if it has any. */
function carries({ key, values }: RequiredTag): Filter {
  return values.length > 0
    ? { Tags: { Key: key, Values: [...values], MatchOptions: ['EQUALS'] } }
    : { Not: { Tags: { Key: key, MatchOptions: ['ABSENT'] } } };
}

function all(filters: readonly Filter[]): Filter | undefined {
  return filters.length > 1 ? { And: [...filters] } : filters[0];
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

/** Caveats about tags that are not activated for cost allocation, or were activated within the period. */
async function activationCaveats(
  costExplorer: CostExplorer,
  { required, start, end }: SpendQuery,
  isZero: boolean,
  signal: AbortSignal,
): Promise<{ caveats: readonly string[]; pages: number }> {
  const keys = required.map(({ key }) => key);
  if (keys.length === 0) return { caveats: [], pages: 0 };
  try {
    const { value: active, pages } = await costExplorer.activeTags(keys, signal);
    return { caveats: keys.flatMap((key) => (active.has(key) ? activatedLate(key, active.get(key), start) : [inactive(key)])), pages };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AwsError)) throw error;
    return isZero ? carriedCaveats(costExplorer, keys, { start, end }, signal) : { caveats: [], pages: 0 };
  }
}

/** The same when listing activations is denied: a tag that no spend carries is probably not activated. */
async function carriedCaveats(
  costExplorer: CostExplorer,
  keys: readonly string[],
  period: { start: string; end: string },
  signal: AbortSignal,
): Promise<{ caveats: readonly string[]; pages: number }> {
  try {
    const { value: spent, pages } = await costExplorer.spentTags(period, signal);
    return { caveats: keys.filter((key) => !spent.includes(key)).map(inactive), pages };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AwsError)) throw error;
    return {
      caveats: [
        'Whether the required tags are activated for cost allocation could not be found out. If they are not, no spend is attributable.',
      ],
      pages: 0,
    };
  }
}

function activatedLate(key: string, since: string | undefined, start: string): string[] {
  const day = since?.slice(0, 10);
  if (day === undefined || day <= start) return [];
  return [`The tag ${key} was activated for cost allocation on ${day}: spend before that day counts as not attributable.`];
}

function inactive(key: string): string {
  return `Cost Explorer does not know the tag ${key}: activate it as a cost allocation tag in the billing console of the management account. Until then no spend counts as attributable.`;
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
