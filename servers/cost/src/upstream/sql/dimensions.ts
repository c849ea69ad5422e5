import type { Dimension, DimensionName } from '../../bill/question.ts';
import type { Column, Columns } from './columns.ts';
import type { Dialect } from './dialect.ts';
import { identifier, join, raw, type Sql, sql } from './sql.ts';

/**
 * Takes a value of a row. In a filter it stays as it is; where rows are grouped, rows are grouped by the plain values first, and what is
 * computed of them only for the few groups.
 */
export type Take = (value: Sql) => Sql;

/** The columns that hold a dimension, from the one that is preferred. Versions of FOCUS and clouds differ. */
const SOURCES: Readonly<Record<Exclude<DimensionName, 'charge' | 'purchase_option'>, readonly string[]>> = {
  service: ['ServiceName'],
  account: ['SubAccountId'],
  region: ['RegionId', 'Region'],
  usage_type: ['x_UsageType', 'SkuMeter'],
  operation: ['x_Operation'],
  resource: ['ResourceId'],
  provider: ['ServiceProviderName', 'ProviderName'],
  currency: ['BillingCurrency'],
};

/** AWS tells by a prefix whom a tag belongs to; a tag's own name comes first. */
const TAG_PREFIXES = ['', 'user:', 'resourceTags/', 'resourceTags/user:'];
const COST_CATEGORY_PREFIX = 'costCategory/';

/** What dimensions are made of, in one table. */
export class DimensionSql {
  readonly #columns: Columns;
  readonly #dialect: Dialect;
  readonly #hasRefunds: boolean;

  /** @param hasRefunds false when no charge that is asked about is one */
  constructor(columns: Columns, dialect: Dialect, hasRefunds = true) {
    this.#columns = columns;
    this.#dialect = dialect;
    this.#hasRefunds = hasRefunds;
  }

  /** The value of a dimension, NULL where a charge has none. @throws ToolError `invalid_input` that names a missing column */
  value(dimension: Dimension, take: Take): Sql {
    const [kind, key] = split(dimension);
    if (kind === 'tag') return this.#tag(key, take);
    if (kind === 'cost_category') return this.#costCategory(key, take);
    if (dimension === 'charge') return this.#charge(take);
    if (dimension === 'purchase_option') return this.#purchaseOption(take);
    const plain = this.#firstOf(SOURCES[dimension as keyof typeof SOURCES], `the dimension ${dimension}`, take);
    if (dimension !== 'service') return plain;
    return sql`CASE WHEN ${this.category(take)} = 'Tax' THEN 'Tax' ELSE ${plain} END`;
  }

  /** FOCUS ChargeCategory. */
  category(take: Take): Sql {
    return take(identifier(this.#columns.require('ChargeCategory', 'telling usage, tax, credits and refunds apart').name));
  }

  /** Whether a charge gives money back that was paid for usage or a purchase. */
  isRefund(take: Take): Sql {
    if (!this.#hasRefunds) return raw('FALSE');
    const billed = this.#columns.require('BilledCost', 'telling refunds apart');
    return sql`(${this.category(take)} IN ('Usage', 'Purchase') AND ${take(this.#dialect.isNegative(billed))})`;
  }

  #charge(take: Take): Sql {
    return sql`CASE WHEN ${this.isRefund(take)} THEN 'refund' ELSE lower(${this.category(take)}) END`;
  }

  #purchaseOption(take: Take): Sql {
    const pricing = take(identifier(this.#columns.require('PricingCategory', 'the dimension purchase_option').name));
    const category = this.#columns.find('CommitmentDiscountCategory');
    const committed =
      category === undefined
        ? raw("'reserved'")
        : sql`CASE ${take(identifier(category.name))} WHEN 'Spend' THEN 'savings_plan' ELSE 'reserved' END`;
    return sql`CASE ${pricing} WHEN 'Standard' THEN 'on_demand' WHEN 'Dynamic' THEN 'spot' WHEN 'Other' THEN 'other' WHEN 'Committed' THEN ${committed} END`;
  }

  #firstOf(names: readonly string[], purpose: string, take: Take): Sql {
    const found = this.#columns.findAll(names);
    if (found.length === 0) throw this.#columns.missing(names, purpose);
    return firstValue(found.map(({ name }) => take(identifier(name))));
  }

  #tag(key: string, take: Take): Sql {
    const column = this.#columns.require('Tags', `the tag ${key}`);
    return this.#entry(
      column,
      TAG_PREFIXES.map((prefix) => `${prefix}${key}`),
      take,
    );
  }

  /** FOCUS 1.0 of AWS has a column of its own; later versions keep cost categories among the tags. */
  #costCategory(key: string, take: Take): Sql {
    const own = this.#columns.find('x_CostCategories');
    if (own !== undefined) return this.#entry(own, [key], take);
    return this.#entry(this.#columns.require('Tags', `the cost category ${key}`), [`${COST_CATEGORY_PREFIX}${key}`], take);
  }

  #entry(column: Column, keys: readonly string[], take: Take): Sql {
    return take(firstValue(keys.map((key) => this.#dialect.entry(column, key))));
  }
}

/** An empty text is no value: billing data has empty texts where nothing is set. */
function firstValue(values: readonly Sql[]): Sql {
  const present = values.map((value) => sql`nullif(${value}, '')`);
  return present.length === 1 ? join(present, '') : sql`coalesce(${join(present, ', ')})`;
}

function split(dimension: Dimension): [kind: string | undefined, key: string] {
  const at = dimension.indexOf(':');
  return at < 0 ? [undefined, ''] : [dimension.slice(0, at), dimension.slice(at + 1)];
}

/** The columns that a dimension needs one of: it has no value in files that have none of them. */
export function sourcesOf(dimension: Dimension): readonly string[] {
  const [kind] = split(dimension);
  if (kind === 'tag') return ['Tags'];
  if (kind === 'cost_category') return ['x_CostCategories', 'Tags'];
  if (dimension === 'charge') return ['ChargeCategory'];
  if (dimension === 'purchase_option') return ['PricingCategory'];
  return SOURCES[dimension as keyof typeof SOURCES];
}
