import type { Units } from './units.ts';

/**
 * What can be asked of a bill, and what every source of the same bill answers alike, to the last digit.
 *
 * A bill is a set of charges. The words are those of FOCUS (https://focus.finops.org/focus-specification/v1-2/).
 */
export interface BillQuestion {
  /** Whole UTC days, `YYYY-MM-DD`; the end is exclusive. */
  period: { start: string; end: string };
  granularity: Granularity;
  metric: Metric;
  /** Any number; a source that cannot combine so many refuses and says what it would cost otherwise. */
  groupBy: readonly Dimension[];
  filter: Filter | undefined;
  /** Whether rows carry quantities. They are told apart by unit, and only make sense grouped by usage type. */
  withUsage: boolean;
}

export type Granularity = 'total' | 'monthly' | 'daily';

/** `effective`: commitments spread over the usage that they pay for (AmortizedCost). `billed`: as invoiced (UnblendedCost). Never blended. */
export type Metric = (typeof METRIC_NAMES)[number];

export const METRIC_NAMES = ['effective', 'billed', 'list', 'contracted'] as const;

/**
 * What charges are grouped and filtered by. `account`: the account that caused the charge (FOCUS SubAccountId). `charge`: FOCUS
 * ChargeCategory, in lower case, and `refund` for a Usage or Purchase row of which BilledCost is negative. `service`: the canonical name
 * (service-names.ts), `Tax` for tax. `purchase_option`: on_demand, spot, savings_plan, reserved or other.
 */
export type DimensionName =
  | 'service'
  | 'account'
  | 'region'
  | 'usage_type'
  | 'operation'
  | 'charge'
  | 'purchase_option'
  | 'resource'
  | 'provider'
  | 'currency';

/** A named dimension, a tag (`tag:team`) or a cost category (`cost_category:Unit`). */
export type Dimension = DimensionName | `tag:${string}` | `cost_category:${string}`;

export type Filter =
  | { kind: 'all' | 'any'; of: readonly Filter[] }
  | { kind: 'not'; of: Filter }
  /** Charges whose value is one of these; `undefined` stands for charges that have none, such as untagged ones. */
  | { kind: 'is'; dimension: Dimension; values: readonly (string | undefined)[] };

/** The parts of an amount. Net is their sum. */
export interface Amounts {
  /** Everything but credits and refunds. */
  gross: Units;
  credits: Units;
  refunds: Units;
}

export interface Quantity {
  quantity: Units;
  unit: string;
}

/** Rows of which all amounts and quantities are zero are left out. Their order is the source's own. */
export interface BillRow {
  /** First day of the row's time bucket. With granularity `total` the period's start. */
  start: string;
  /** In the order of `groupBy`; `undefined` where charges have no value. */
  keys: readonly (string | undefined)[];
  amounts: Amounts;
  /** Empty unless asked for; without quantities of zero, each unit once, by its name. */
  usage: readonly Quantity[];
}

/** What an answer has cost. */
export interface Price {
  /** Of Cost Explorer, that this call paid for: none when it came from the cache. */
  pages: number;
  /** By Athena. */
  bytesScanned: number;
  usd: string;
}

export interface BillAnswer {
  rows: readonly BillRow[];
  /** One currency: a bill in two is refused unless the question is filtered to one. */
  currency: string;
  /** The first day whose amounts may still change; absent when all are final. */
  estimatedFrom?: string;
  /** Of the accounts in the answer, where the source knows them. */
  accountNames?: ReadonlyMap<string, string>;
  /** When the upstream was read (ISO instant). */
  asOf: string;
  price: Price;
  /** What the answer could not see, in whole sentences: an account that failed, a column that is missing. */
  caveats: readonly string[];
}

export interface ValuesQuestion {
  period: { start: string; end: string };
  dimension: Dimension;
  /** Only values that contain this text, or whose name does, whatever its case. */
  search: string | undefined;
}

export interface ValuesAnswer extends Omit<BillAnswer, 'rows' | 'currency'> {
  /** With a readable name where there is one, such as an account's. */
  values: readonly { value: string; name?: string }[];
}

/** On whose behalf a source is asked: the context of a tool's call is one. */
export interface Asking {
  signal: AbortSignal;
  /** Whose daily limit of paid calls counts. */
  principal: { id: string };
}

/** A source of one bill. */
export interface BillSource {
  /** For users: `Cost Explorer of account 111122223333`. */
  readonly title: string;
  readonly isSample: boolean;
  /** The dimensions that it knows besides tags and cost categories. */
  readonly dimensions: readonly DimensionName[];
  readonly metrics: readonly Metric[];
  /** What a question would cost in USD at least, without asking it. */
  priceOf(question: BillQuestion): string;
  /** @throws ToolError `invalid_input` for what it cannot answer, `budget_exceeded`, and the upstream kinds */
  ask(question: BillQuestion, asking: Asking): Promise<BillAnswer>;
  values(question: ValuesQuestion, asking: Asking): Promise<ValuesAnswer>;
}
