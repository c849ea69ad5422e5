import { type Aws, answered, type Service, withObserver } from '@fairway-mcp/aws';
import type { Cache } from '@fairway-mcp/cache';
import { ToolError } from '@fairway-mcp/kit';
import * as z from 'zod';
import type { DailyLimit, PageBudget } from './page-budget.ts';

type CostExplorerService = Service<'cost-explorer'>;

/** An answer, and how many of its pages this call paid for: none when it came from the cache. */
export interface Priced<T> {
  value: T;
  pages: number;
  /** When it was read from AWS, in milliseconds since the epoch. */
  storedAt: number;
}

/** Requests one page of an answer, which costs money. @throws AwsError, ToolError `budget_exceeded` */
export type Ask = <Page>(
  action: string,
  send: (service: CostExplorerService, options: { abortSignal: AbortSignal }) => Promise<Page>,
) => Promise<Page>;

/** Makes work that needs several pages fail before the first, when the budget does not allow all of them. */
export type RequireLeft = (pages: number) => Promise<void>;

export interface PaidQuery {
  /** Distinguishes kinds of queries; part of the cache key, as the question is. */
  name: string;
  /** Of the answer. Where the cache is shared, other programs can write to it. */
  schema: z.ZodType;
  /** Raised when answers of the same form come to mean something else. */
  version?: number;
  question: unknown;
  ttlMs: number;
  signal: AbortSignal;
  /** Whose credentials to use. Unset: the account of the credentials themselves. */
  account?: string;
  /** Under which limits its pages are counted, given the account that is asked. */
  limits(account: string): readonly DailyLimit[];
}

export interface PaidReader {
  /** The answer from the cache, or as `read` puts it together from pages of Cost Explorer. @throws AwsError, ToolError `budget_exceeded` */
  read<Answer>(query: PaidQuery, read: (ask: Ask, requireLeft: RequireLeft) => Promise<Answer>): Promise<Priced<Answer>>;
}

export interface PaidReaderOptions {
  aws: Aws;
  cache: Cache;
  budget: PageBudget;
  /** What cache keys begin with: the server. */
  prefix: string;
}

const priced = (value: z.ZodType) => z.object({ value, pages: z.int().min(0) });

/** Buys answers of Cost Explorer once for each identity: concurrent callers share one purchase, later ones find it in the cache. */
export function createPaidReader(options: PaidReaderOptions): PaidReader {
  return { read: (query, read) => readOnce(options, query, read) };
}

async function readOnce<Answer>(
  options: PaidReaderOptions,
  query: PaidQuery,
  read: (ask: Ask, requireLeft: RequireLeft) => Promise<Answer>,
): Promise<Priced<Answer>> {
  const { aws, cache, budget, prefix } = options;
  const { name, schema, question, ttlMs, signal, version } = query;
  const { account, partition, fingerprint } = await aws.identity(signal, query.account);
  const limits = query.limits(account);
  let isBuyer = false;
  const load = async (loading: AbortSignal): Promise<Omit<Priced<Answer>, 'storedAt'>> => {
    isBuyer = true;
    const region = partition === 'aws-cn' ? 'cn-northwest-1' : 'us-east-1';
    const service = await aws.open('cost-explorer', { region, ...(query.account !== undefined && { account: query.account }) });
    const purse = createPurse(budget, limits);
    const ask: Ask = (action, send) =>
      purse.pay((observed) => answered(action, loading, send(service, observed)), { abortSignal: loading });
    const value = await read(ask, (pages) => budget.requireLeft(limits, pages));
    return { value, pages: purse.paid() };
  };
  const key = `${prefix}:${account}:${fingerprint}:${name}:${JSON.stringify(question)}`;
  try {
    const kind = { schema: priced(schema), ttlMs, signal, ...(version !== undefined && { version }) };
    const { value: answer, hit, storedAt } = await cache.getOrLoad(key, kind, load);
    return { value: answer.value, pages: hit || !isBuyer ? 0 : answer.pages, storedAt };
  } catch (error) {
    // The limit was that of another caller, who asked first: this one may have money left.
    if (!isBuyer && error instanceof ToolError && error.kind === 'budget_exceeded') return readOnce(options, query, read);
    throw error;
  }
}

/** Reserves the price of each attempt before it is sent, also of those that the SDK makes by itself. */
function createPurse(budget: PageBudget, limits: readonly DailyLimit[]) {
  let paid = 0;
  return {
    /** How many pages were, or may have been, charged. */
    paid: () => paid,
    async pay<Page, Options extends object>(request: (options: Options) => Promise<Page>, options: Options): Promise<Page> {
      let refusal: unknown;
      const observed = withObserver(options, async () => {
        const giveBack = await budget.reserve(limits).catch((error: unknown) => {
          refusal = error;
          throw error;
        });
        paid += 1;
        return async (outcome) => {
          // A refused or unsent request is free. One whose answer was lost may have been charged.
          if (outcome === 'accepted' || outcome === 'unknown') return;
          paid -= 1;
          await giveBack();
        };
      });
      try {
        return await request(observed);
      } catch (error) {
        throw refusal ?? error;
      }
    },
  };
}
