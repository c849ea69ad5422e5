import { type Aws, AwsError, type AwsFailure, answered, listed, type Service } from '@fairway-mcp/aws';
import type { Cache } from '@fairway-mcp/cache';
import { Big } from 'big.js';
import type { CostBudget } from './budget.ts';

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

/** An answer, and how many of its pages had to be paid for this time. */
export interface Priced<T> {
  value: T;
  pages: number;
}

/** Cost Explorer as the account of the credentials: the management account sees all accounts, others see themselves. Each page costs money. */
export interface CostExplorer {
  /** The account whose Cost Explorer it is. @throws AwsError */
  account(signal: AbortSignal): Promise<string>;
  /** @throws AwsError, ToolError `budget_exceeded` */
  spend(question: SpendQuestion, signal: AbortSignal): Promise<Priced<Spend>>;
  /** The same by single resources, of the last 14 days at most. The filter must name services. @throws AwsError, ToolError `budget_exceeded` */
  spendByResource(question: SpendQuestion, signal: AbortSignal): Promise<Priced<Spend>>;
  /**
   * Which of the tag keys are activated for cost allocation, and since when (ISO instant) if known. Only activated
   * tags can be found in spend. Only the management account may list them. @throws AwsError, ToolError `budget_exceeded`
   */
  activeTags(keys: readonly string[], signal: AbortSignal): Promise<Priced<ReadonlyMap<string, string | undefined>>>;
  /** Which tag keys any spend of a period carries. @throws AwsError, ToolError `budget_exceeded` */
  spentTags(period: { start: string; end: string }, signal: AbortSignal): Promise<Priced<readonly string[]>>;
}

/**
 * Commitments (Savings Plans, reservations) and upfront fees are spread over the usage that they pay for, so that they are attributed
 * like it. Unblended amounts would show them as one untaggable sum.
 */
export const METRIC = 'AmortizedCost';

/** An answer with more pages is of no use to a user. */
const MAX_PAGES = 200;
/** Tags are activated rarely. */
const ACTIVATION_TTL_MS = 24 * 3_600_000;

export function createCostExplorer({
  aws,
  cache,
  ttlMs,
  budget,
}: {
  aws: Aws;
  cache: Cache;
  ttlMs: number;
  budget: CostBudget;
}): CostExplorer {
  /** Asks once for the same question within the time, and pays for each page that comes. */
  async function remembered<Item>(
    name: string,
    question: unknown,
    ttl: number,
    signal: AbortSignal,
    pages: (ask: Ask) => Promise<Item>,
  ): Promise<Priced<Item>> {
    const { account, partition, fingerprint } = await aws.identity(signal);
    const key = `tag-compliance:cost:${account}:${fingerprint}:${name}:${JSON.stringify(question)}`;
    const found = await cache.getOrLoad(key, { ttlMs: ttl, signal }, async (loading) => {
      const service = await aws.open('cost-explorer', { region: partition === 'aws-cn' ? 'cn-northwest-1' : 'us-east-1' });
      let paid = 0;
      const value = await pages(async (action, send) => {
        const giveBack = await budget.reserve(account);
        try {
          const page = await answered(action, loading, send(service, { abortSignal: loading }));
          paid += 1;
          return page;
        } catch (error) {
          // A refused call is free. One whose answer was lost may have been charged.
          if (error instanceof AwsError && !LOST.has(error.failure)) await giveBack();
          throw error;
        }
      });
      return { value, pages: paid };
    });
    return { value: found.value.value, pages: found.hit ? 0 : found.value.pages };
  }

  return {
    account: async (signal) => (await aws.identity(signal)).account,
    spend: (question, signal) =>
      remembered('usage', question, ttlMs, signal, (ask) =>
        collect('ce:GetCostAndUsage', (token) =>
          ask('ce:GetCostAndUsage', ({ client, GetCostAndUsageCommand }, options) =>
            client.send(new GetCostAndUsageCommand({ ...toInput(question), NextPageToken: token }), options),
          ),
        ),
      ),
    spendByResource: (question, signal) =>
      remembered('resources', question, ttlMs, signal, (ask) =>
        collect('ce:GetCostAndUsageWithResources', (token) =>
          ask('ce:GetCostAndUsageWithResources', ({ client, GetCostAndUsageWithResourcesCommand }, options) =>
            client.send(
              new GetCostAndUsageWithResourcesCommand({ ...toInput(question), Filter: question.filter, NextPageToken: token }),
              options,
            ),
          ),
        ),
      ),
    async activeTags(keys, signal) {
      const { value, pages } = await remembered('activation', [...keys].sort(), ACTIVATION_TTL_MS, signal, (ask) => activation(ask, keys));
      return { value: new Map(value), pages };
    },
    spentTags: ({ start, end }, signal) =>
      remembered('tags', { start, end }, ttlMs, signal, (ask) => spentTags(ask, { Start: start, End: end })),
  };
}

export function dimension(Key: string): Grouping {
  return { Type: 'DIMENSION', Key };
}

const LOST = new Set<AwsFailure>(['timeout', 'unavailable', 'invalid_answer']);

type Ask = <Page>(
  action: string,
  send: (service: CostExplorerService, options: { abortSignal: AbortSignal }) => Promise<Page>,
) => Promise<Page>;

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

/** Pages of an answer, to their end. @throws AwsError when there are more than an answer may have */
async function* pagesOf<Page>(action: string, ask: (token: string | undefined) => Promise<Page>, next: (page: Page) => string | undefined) {
  let token: string | undefined;
  for (let count = 1; ; count += 1) {
    const page = await ask(token);
    yield page;
    token = next(page) || undefined;
    if (token === undefined) return;
    if (count === MAX_PAGES) throw new AwsError(action, 'rejected', 'TooManyPages');
  }
}

async function collect(action: string, ask: (token: string | undefined) => Promise<SpendPage>): Promise<Spend> {
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

/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_ListCostAllocationTags.html */
const MAX_TAG_KEYS = 100;

/** Entries of the map of {@link CostExplorer.activeTags}. */
async function activation(ask: Ask, keys: readonly string[]): Promise<[string, string | undefined][]> {
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

async function spentTags(ask: Ask, TimePeriod: { Start: string; End: string }): Promise<string[]> {
  const action = 'ce:GetTags';
  const askPage = (NextPageToken: string | undefined) =>
    ask(action, ({ client, GetTagsCommand }, options) => client.send(new GetTagsCommand({ TimePeriod, NextPageToken }), options));
  const keys: string[] = [];
  for await (const { Tags } of pagesOf(action, askPage, ({ NextPageToken }) => NextPageToken)) keys.push(...listed(action, Tags));
  return keys;
}
