import { type Aws, AwsError, listed, type Service } from '@fairway-mcp/aws';
import { type Ask, createPaidReader, type PageBudget, type PaidQuery, type Priced, pagesOf } from '@fairway-mcp/aws-billing';
import type { Cache } from '@fairway-mcp/cache';
import { Big } from 'big.js';
import * as z from 'zod';
import { dailyLimit } from './budget.ts';

type CostExplorerService = Service<'cost-explorer'>;
type UsageQuestion = ConstructorParameters<CostExplorerService['GetCostAndUsageCommand']>[0];
export type Filter = NonNullable<UsageQuestion['Filter']>;

/** What spend is grouped by. Groups of a tag are called `KEY$VALUE`, and `KEY$` where the tag is missing. */
export interface Grouping {
  Type: 'DIMENSION' | 'TAG';
  Key: string;
}

/** A query for spend. Every amount is {@link METRIC}. */
export interface SpendQuestion {
  /** ISO dates; the end is exclusive. */
  start: string;
  end: string;
  filter: Filter | undefined;
  /** One or two. */
  groupBy: readonly Grouping[];
}

export interface Spend {
  /** Summed over the period, one for each combination of keys. Amounts are exact decimal strings. */
  groups: readonly { keys: readonly string[]; amount: string }[];
  currency: string;
  /** Some amounts may still change. */
  isEstimated: boolean;
}

/**
 * Cost Explorer, asked with the credentials of one account. With those of the management account it knows the spend of all accounts of the
 * organization, with others only that of their own account. AWS charges for each page of an answer.
 */
export interface CostExplorer {
  /** The account that the credentials belong to. @throws AwsError */
  account(signal: AbortSignal): Promise<string>;
  /** @throws AwsError, ToolError `budget_exceeded` */
  spend(question: SpendQuestion, signal: AbortSignal): Promise<Priced<Spend>>;
  /**
   * Like `spend`, but it can be grouped by `RESOURCE_ID`. AWS knows this for the last 14 days only, and only with a filter that names services.
   * @throws AwsError, ToolError `budget_exceeded`
   */
  spendByResource(question: SpendQuestion, signal: AbortSignal): Promise<Priced<Spend>>;
  /**
   * Which of the tag keys are activated for cost allocation, each with the instant (ISO) of its activation if that is known. Cost Explorer
   * ignores tags that are not activated. Only the management account may list them. @throws AwsError, ToolError `budget_exceeded`
   */
  activeTags(keys: readonly string[], signal: AbortSignal): Promise<Priced<ReadonlyMap<string, string | undefined>>>;
  /** The tag keys that occur in the spend of a period. @throws AwsError, ToolError `budget_exceeded` */
  spentTags(period: { start: string; end: string }, signal: AbortSignal): Promise<Priced<readonly string[]>>;
}

/**
 * Amortized cost spreads commitments (Savings Plans, reservations) and upfront fees over the usage that they pay for, so that they count
 * for the tags of that usage. AWS's other metric, unblended cost, shows them as one sum without tags.
 */
export const METRIC = 'AmortizedCost';

/** Tags are activated rarely. */
const ACTIVATION_TTL_MS = 24 * 3_600_000;

/** Answers in the cache, where other programs can write when it is shared. */
const SPEND = z.object({
  groups: z.array(z.object({ keys: z.array(z.string()), amount: z.string().regex(/^-?\d+(\.\d+)?$/) })),
  currency: z.string(),
  isEstimated: z.boolean(),
});
/** In JSON an unknown instant is null. */
const ACTIVATION = z.array(z.tuple([z.string(), z.string().nullish()]));
const TAG_KEYS = z.array(z.string());

interface CostExplorerOptions {
  aws: Aws;
  cache: Cache;
  /** How long an answer about spend is kept, in milliseconds. */
  ttlMs: number;
  budget: PageBudget;
  usdPerDay: number;
}

export function createCostExplorer({ aws, cache, budget, ttlMs, usdPerDay }: CostExplorerOptions): CostExplorer {
  const reader = createPaidReader({ aws, cache, budget, prefix: 'tag-compliance:cost' });
  const limits = (account: string) => [dailyLimit(account, usdPerDay)];
  const read = <Answer>(query: Query, from: (ask: Ask) => Promise<Answer>) => reader.read({ ...query, limits }, from);
  return {
    account: async (signal) => (await aws.identity(signal)).account,
    spend: (question, signal) => read({ name: 'usage', schema: SPEND, question, ttlMs, signal }, (ask) => readSpend(ask, question)),
    spendByResource: (question, signal) =>
      read({ name: 'resources', schema: SPEND, question, ttlMs, signal }, (ask) => readSpendByResource(ask, question)),
    async activeTags(keys, signal) {
      const query = { name: 'activation', schema: ACTIVATION, question: [...keys].sort(), ttlMs: ACTIVATION_TTL_MS, signal };
      const { value, ...price } = await read(query, (ask) => readActivation(ask, keys));
      return { ...price, value: new Map(value.map(([key, since]) => [key, since ?? undefined])) };
    },
    spentTags: ({ start, end }, signal) =>
      read({ name: 'tags', schema: TAG_KEYS, question: { start, end }, ttlMs, signal }, (ask) =>
        readSpentTags(ask, { Start: start, End: end }),
      ),
  };
}

type Query = Omit<PaidQuery, 'limits'>;

function readSpend(ask: Ask, question: SpendQuestion): Promise<Spend> {
  const action = 'ce:GetCostAndUsage';
  return sumPages(action, (NextPageToken) =>
    ask(action, ({ client, GetCostAndUsageCommand }, options) =>
      client.send(new GetCostAndUsageCommand({ ...toInput(question), NextPageToken }), options),
    ),
  );
}

function readSpendByResource(ask: Ask, question: SpendQuestion): Promise<Spend> {
  const action = 'ce:GetCostAndUsageWithResources';
  const input = { ...toInput(question), Filter: question.filter };
  return sumPages(action, (NextPageToken) =>
    ask(action, ({ client, GetCostAndUsageWithResourcesCommand }, options) =>
      client.send(new GetCostAndUsageWithResourcesCommand({ ...input, NextPageToken }), options),
    ),
  );
}

export function dimension(Key: string): Grouping {
  return { Type: 'DIMENSION', Key };
}

function toInput({ start, end, filter, groupBy }: SpendQuestion) {
  return {
    TimePeriod: { Start: start, End: end },
    Granularity: 'MONTHLY' as const,
    Metrics: [METRIC],
    GroupBy: [...groupBy],
    ...(filter !== undefined && { Filter: filter }),
  };
}

interface SpendPage {
  ResultsByTime?: {
    Groups?: { Keys?: string[]; Metrics?: Record<string, { Amount?: string; Unit?: string }> }[];
    Estimated?: boolean;
  }[];
  NextPageToken?: string;
}

/** Adds up the amounts of all pages. @throws AwsError */
async function sumPages(action: string, ask: (token: string | undefined) => Promise<SpendPage>): Promise<Spend> {
  const sums = new Map<string, { keys: readonly string[]; amount: Big }>();
  let currency = 'USD';
  let isEstimated = false;
  for await (const { ResultsByTime } of pagesOf(action, ask, ({ NextPageToken }) => NextPageToken)) {
    for (const { Groups = [], Estimated } of listed(action, ResultsByTime)) {
      isEstimated ||= Estimated === true;
      for (const { Keys: keys = [], Metrics } of Groups) {
        const { Amount = '0', Unit } = Metrics?.[METRIC] ?? {};
        if (Unit) currency = Unit;
        const id = JSON.stringify(keys);
        sums.set(id, { keys, amount: toAmount(action, Amount).plus(sums.get(id)?.amount ?? 0) });
      }
    }
  }
  return { groups: [...sums.values()].map(({ keys, amount }) => ({ keys, amount: amount.toFixed() })), currency, isEstimated };
}

function toAmount(action: string, text: string): Big {
  try {
    return new Big(text);
  } catch {
    throw new AwsError(action, 'invalid_answer', 'NotAnAmount');
  }
}

/** The most keys of one request: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_ListCostAllocationTags.html */
const MAX_TAG_KEYS = 100;

/** The entries of the map that {@link CostExplorer.activeTags} returns. */
async function readActivation(ask: Ask, keys: readonly string[]): Promise<[string, string | undefined][]> {
  const action = 'ce:ListCostAllocationTags';
  const question = { TagKeys: keys.slice(0, MAX_TAG_KEYS), Status: 'Active' as const, MaxResults: MAX_TAG_KEYS };
  const askPage = (NextToken: string | undefined) =>
    ask(action, ({ client, ListCostAllocationTagsCommand }, options) =>
      client.send(new ListCostAllocationTagsCommand({ ...question, NextToken }), options),
    );
  const active: [string, string | undefined][] = [];
  for await (const { CostAllocationTags } of pagesOf(action, askPage, ({ NextToken }) => NextToken)) {
    for (const { TagKey, LastUpdatedDate } of listed(action, CostAllocationTags)) {
      if (TagKey !== undefined) active.push([TagKey, LastUpdatedDate]);
    }
  }
  return active;
}

async function readSpentTags(ask: Ask, TimePeriod: { Start: string; End: string }): Promise<string[]> {
  const action = 'ce:GetTags';
  const askPage = (NextPageToken: string | undefined) =>
    ask(action, ({ client, GetTagsCommand }, options) => client.send(new GetTagsCommand({ TimePeriod, NextPageToken }), options));
  const keys: string[] = [];
  for await (const { Tags } of pagesOf(action, askPage, ({ NextPageToken }) => NextPageToken)) keys.push(...listed(action, Tags));
  return keys;
}
