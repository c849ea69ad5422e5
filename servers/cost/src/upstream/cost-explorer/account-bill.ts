import { type Ask, createPaidReader, type PageBudget, type PaidQuery, type Priced, type RequireLeft } from '@fairway-mcp/aws-billing';
import type { Cache } from '@fairway-mcp/cache';
import * as z from 'zod';
import { byTimeAndKeys } from '../../bill/answer-from.ts';
import { addMonths } from '../../bill/days.ts';
import { conditionsOf } from '../../bill/filter.ts';
import type { Asking, BillQuestion, Dimension } from '../../bill/question.ts';
import type { Connection } from '../aws/connections.ts';
import { type BudgetSettings, limitsOf } from '../aws/limits.ts';
import { type Combination, type Grouped, readGrouped } from './combine.ts';
import { among, type Condition, conditionOf, every } from './expression.ts';
import { toRows } from './rows.ts';
import { type StoredAnswer, storedAnswer, toStoredRow } from './stored.ts';
import { type KnownMetric, kindOf, partOf, type Term } from './terms.ts';
import { type RawValue, readValues } from './values.ts';

/** The bill that one account's credentials see: with the management account's, that of all accounts of its organization. */
export interface AccountBill {
  connection: Connection;
  /** @throws AwsError, ToolError */
  ask(question: AccountQuestion, asking: Asking): Promise<Priced<StoredAnswer>>;
  /** @throws AwsError, ToolError */
  values(period: BillQuestion['period'], term: Term, asking: Asking): Promise<Priced<readonly RawValue[]>>;
  /** Anything else that Cost Explorer is paid for. @throws AwsError, ToolError */
  read<T>(query: Pick<PaidQuery, 'name' | 'schema' | 'question'>, asking: Asking, read: (ask: Ask) => Promise<T>): Promise<Priced<T>>;
}

/** A question that Cost Explorer can be asked. */
export interface AccountQuestion extends Omit<BillQuestion, 'metric'> {
  metric: KnownMetric;
}

export interface AccountBillOptions {
  cache: Cache;
  budget: PageBudget;
  limits: BudgetSettings;
  /** How long answers are kept, in milliseconds. */
  ttlMs: number;
  maxCalls: number;
  now(): Date;
}

const VALUES = z.array(z.object({ value: z.string(), name: z.string().optional() }));
const DAY_MS = 86_400_000;

export function createAccountBill(connection: Connection, options: AccountBillOptions): AccountBill {
  const { cache, budget, limits, ttlMs } = options;
  const reader = createPaidReader({ aws: connection.aws, cache, budget, prefix: 'cost:ce' });
  const common = ({ signal, principal }: Asking) => ({
    signal,
    limits: () => limitsOf(limits, principal),
    ...(connection.account !== undefined && { account: connection.account }),
  });
  return {
    connection,
    read: (query, asking, read) => reader.read({ ...common(asking), ...query, ttlMs }, read),
    ask: (question, asking) =>
      reader.read({ ...common(asking), name: 'usage', schema: storedAnswer, question, ttlMs }, (ask, requireLeft) =>
        answer(ask, requireLeft, question, options),
      ),
    values: (period, term, asking) =>
      reader.read(
        { ...common(asking), name: 'values', schema: VALUES, question: { period, term }, ttlMs: Math.max(ttlMs, DAY_MS) },
        (ask) => readValues(ask, { period, term }),
      ),
  };
}

async function answer(ask: Ask, requireLeft: RequireLeft, question: AccountQuestion, options: AccountBillOptions): Promise<StoredAnswer> {
  const period = clip(question.period, options.now());
  const condition = conditionOf(question.filter, question.metric);
  if (period === undefined || condition === false) return { rows: [], currencies: [], estimatedFrom: null };
  const plan = planOf({ ...question, period }, condition, options.maxCalls);
  const grouped = await readGrouped(ask, requireLeft, plan.byResource ? await withServices(ask, plan) : plan);
  return toStored(grouped, question, plan.dimensions);
}

/** Cost Explorer refuses days after the current month, on which nothing has been charged. */
function clip({ start, end }: BillQuestion['period'], now: Date): BillQuestion['period'] | undefined {
  const limit = addMonths(now.toISOString().slice(0, 10), 1);
  const clipped = { start, end: end < limit ? end : limit };
  return clipped.start < clipped.end ? clipped : undefined;
}

/** What is grouped by: quantities are told apart by usage type even where nobody asked for it, because their units differ. */
function planOf(question: AccountQuestion, condition: Exclude<Condition, false>, maxCalls: number): Combination {
  const { groupBy, withUsage, metric, period, granularity } = question;
  const dimensions = dimensionsOf(question);
  const tellsKinds = withUsage || groupBy.includes('charge');
  return {
    period,
    granularity,
    metric,
    condition,
    dimensions,
    withUsage,
    maxCalls,
    byResource: usesResources(question),
    classOf: (type) => (tellsKinds ? kindOf(type, metric) : partOf(kindOf(type, metric))),
  };
}

/** Those that Cost Explorer has to group by, besides the record type. */
export function dimensionsOf({ groupBy, withUsage }: Pick<BillQuestion, 'groupBy' | 'withUsage'>): Dimension[] {
  const named = groupBy.filter((dimension) => dimension !== 'charge' && dimension !== 'provider');
  return withUsage ? [...new Set<Dimension>([...named, 'usage_type'])] : [...new Set(named)];
}

export function usesResources({ groupBy, filter }: Pick<BillQuestion, 'groupBy' | 'filter'>): boolean {
  return groupBy.includes('resource') || conditionsOf(filter).some(({ dimension }) => dimension === 'resource');
}

/** Costs by resource need a filter that names services. */
async function withServices(ask: Ask, plan: Combination): Promise<Combination> {
  const services = await readValues(ask, { period: plan.period, term: { Type: 'DIMENSION', Key: 'SERVICE' } });
  const condition = every([
    plan.condition,
    among(
      'service',
      services.map(({ value }) => value),
    ),
  ]);
  return condition === false ? plan : { ...plan, condition };
}

function toStored(grouped: Grouped, question: AccountQuestion, dimensions: readonly Dimension[]): StoredAnswer {
  const rows = toRows(grouped.cells, question, dimensions).toSorted(byTimeAndKeys);
  return {
    rows: rows.map(toStoredRow),
    currencies: [...grouped.currencies].toSorted(),
    estimatedFrom: grouped.estimatedFrom ?? null,
  };
}
