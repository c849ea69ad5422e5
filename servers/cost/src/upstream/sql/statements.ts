import type { BillQuestion, Metric, ValuesQuestion } from '../../bill/question.ts';
import type { Column, Columns } from './columns.ts';
import type { Dialect } from './dialect.ts';
import { DimensionSql, type Take } from './dimensions.ts';
import { condition } from './filter.ts';
import { identifier, join, raw, type Sql, sql } from './sql.ts';

/** A table of charges and how it is asked. */
export interface Table {
  /** What stands behind FROM. */
  from: Sql;
  columns: Columns;
  dialect: Dialect;
  /** Whether there can be refunds. Looking for them takes a quarter of the time. Default true. */
  hasRefunds?: boolean | undefined;
  /** What is always asked for too, such as partitions, so that no more is read than needed. */
  always?: Sql;
}

export const METRIC_COLUMNS: Readonly<Record<Metric, string>> = {
  effective: 'EffectiveCost',
  billed: 'BilledCost',
  list: 'ListCost',
  contracted: 'ContractedCost',
};

/** FOCUS calls a row without this one of no use; without it nothing can be answered. */
export const PERIOD_COLUMN = 'ChargePeriodStart';

/**
 * The answer in rows of: bucket, the keys, `gross`, `credit` or `refund`, with usage the unit, then the amount, with usage the quantity.
 *
 * Charges are grouped by the plain values of their columns first; what a dimension makes of them (a canonical name, a kind) is computed for the
 * groups only. That is what keeps an exact question about ten million charges near the time that the engine takes for the sums alone.
 */
export function askStatement(question: BillQuestion, table: Table): Sql {
  const { columns, dialect } = table;
  const dimensions = new DimensionSql(columns, dialect, table.hasRefunds);
  const plain = new PlainValues();
  const keys = question.groupBy.map((dimension) => dimensions.value(dimension, plain.take));
  const part = partOf(dimensions, plain.take);
  const bucket = bucketOf(question, table);
  if (bucket !== undefined) plain.take(bucket);
  const outer = [bucket === undefined ? raw("''") : sql`CAST(${plain.take(bucket)} AS VARCHAR)`, ...keys, part];
  const sums = [dialect.exact(metricColumn(columns, question.metric))];
  if (question.withUsage) {
    outer.push(plain.take(identifier(columns.require('ConsumedUnit', 'quantities').name)));
    sums.push(dialect.exact(columns.require('ConsumedQuantity', 'quantities')));
  }
  const inner = sql`SELECT ${join([...plain.selected(), ...sums.map((value, index) => sql`sum(${value}) AS ${sumName(index)}`)], ', ')} FROM ${table.from} WHERE ${where(question, table, dimensions)} GROUP BY ${ordinals(plain.count)}`;
  const selected = [...outer, ...sums.map((_, index) => sql`sum(${sumName(index)})`)];
  return sql`SELECT ${join(selected, ', ')} FROM (${inner}) AS grouped GROUP BY ${ordinals(outer.length)}`;
}

/** The values of a dimension in rows of: value, name. Names are there for accounts only. */
export function valuesStatement(question: ValuesQuestion, table: Table, limit: number): Sql {
  const value = new DimensionSql(table.columns, table.dialect).value(question.dimension, (own) => own);
  const name = question.dimension === 'account' ? table.columns.find('SubAccountName') : undefined;
  const found = sql`SELECT ${value} AS v, max(${name === undefined ? raw("''") : identifier(name.name)}) AS n FROM ${table.from} WHERE ${inPeriod(question, table)} GROUP BY 1`;
  const matches =
    question.search === undefined || question.search === ''
      ? raw('TRUE')
      : sql`strpos(lower(concat(v, chr(10), coalesce(n, ''))), lower(${question.search})) > 0`;
  return sql`SELECT v, nullif(n, '') FROM (${found}) AS found WHERE v IS NOT NULL AND ${matches} ORDER BY 1 LIMIT ${raw(String(limit))}`;
}

/**
 * What must be known of a table before it is asked, in rows of: month, currency, charges, those of usage that last longer than a day, other
 * charges that do, refunds, the first and the last day.
 */
export function inspectionStatement({ from, columns, dialect, always = raw('TRUE') }: Table): Sql {
  const start = dialect.instant(columns.require(PERIOD_COLUMN, 'every question'));
  const end = columns.find('ChargePeriodEnd');
  const isLong = end === undefined ? raw('FALSE') : sql`${dialect.instant(end)} > CAST(${start} AS DATE) + INTERVAL '1' DAY`;
  const category = columns.require('ChargeCategory', 'telling usage, tax, credits and refunds apart');
  const currency = columns.require('BillingCurrency', 'adding up amounts');
  const isRefund = new DimensionSql(columns, dialect).isRefund((value) => value);
  const charges = sql`SELECT CAST(${start} AS DATE) AS d, ${identifier(currency.name)} AS currency, ${identifier(category.name)} = 'Usage' AS is_usage, ${isLong} AS is_long, ${isRefund} AS is_refund, count(*) AS n FROM ${from} WHERE ${always} GROUP BY 1, 2, 3, 4, 5`;
  const count = (test: string) => raw(`CAST(sum(CASE WHEN ${test} THEN n ELSE 0 END) AS BIGINT)`);
  return sql`SELECT CAST(CAST(date_trunc('month', d) AS DATE) AS VARCHAR), currency, ${count('TRUE')}, ${count('is_usage AND is_long')}, ${count('NOT is_usage AND is_long')}, ${count('is_refund')}, CAST(min(d) AS VARCHAR), CAST(max(d) AS VARCHAR) FROM (${charges}) AS charges GROUP BY 1, 2`;
}

export function metricColumn(columns: Columns, metric: Metric): Column {
  return columns.require(METRIC_COLUMNS[metric], `the metric ${metric}`);
}

function partOf(dimensions: DimensionSql, take: Take): Sql {
  return sql`CASE WHEN ${dimensions.category(take)} = 'Credit' THEN 'credit' WHEN ${dimensions.isRefund(take)} THEN 'refund' ELSE 'gross' END`;
}

/** `undefined` where the whole period is one bucket. */
function bucketOf({ granularity }: BillQuestion, { columns, dialect }: Table): Sql | undefined {
  if (granularity === 'total') return undefined;
  const day = sql`CAST(${dialect.instant(columns.require(PERIOD_COLUMN, 'every question'))} AS DATE)`;
  return granularity === 'daily' ? day : sql`CAST(date_trunc('month', ${day}) AS DATE)`;
}

function where(question: BillQuestion, table: Table, dimensions: DimensionSql): Sql {
  const period = inPeriod(question, table);
  return question.filter === undefined ? period : sql`${period} AND ${condition(question.filter, dimensions)}`;
}

function inPeriod({ period }: Pick<BillQuestion, 'period'>, { columns, dialect, always }: Table): Sql {
  const column = columns.require(PERIOD_COLUMN, 'every question');
  const start = column.kind === 'text' ? dialect.instant(column) : identifier(column.name);
  const days = sql`${start} >= ${dialect.dayStart(period.start, column)} AND ${start} < ${dialect.dayStart(period.end, column)}`;
  return always === undefined ? days : sql`${always} AND ${days}`;
}

function sumName(index: number): Sql {
  return raw(`s${index}`);
}

function ordinals(count: number): Sql {
  return raw(Array.from({ length: count }, (_, index) => index + 1).join(', '));
}

/** The plain values that rows are grouped by first, each once. */
class PlainValues {
  readonly #values = new Map<string, Sql>();

  /** @returns the name under which the value is known outside */
  readonly take: Take = (value) => {
    const key = JSON.stringify([value.text, value.values]);
    if (!this.#values.has(key)) this.#values.set(key, value);
    return raw(`p${[...this.#values.keys()].indexOf(key)}`);
  };

  get count(): number {
    return this.#values.size;
  }

  selected(): Sql[] {
    return [...this.#values.values()].map((value, index) => sql`${value} AS ${raw(`p${index}`)}`);
  }
}
