import { type ChargeKind, namedPart } from '../../bill/dimensions.ts';
import type { Amounts, Dimension, DimensionName, Metric } from '../../bill/question.ts';
import { canonicalService, namesOfService } from '../../bill/service-names.ts';

/** How Cost Explorer calls what can be asked. Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Expression.html */
const DIMENSIONS = {
  service: 'SERVICE',
  account: 'LINKED_ACCOUNT',
  region: 'REGION',
  usage_type: 'USAGE_TYPE',
  operation: 'OPERATION',
  charge: 'RECORD_TYPE',
  purchase_option: 'PURCHASE_TYPE',
  resource: 'RESOURCE_ID',
} as const satisfies Partial<Record<DimensionName, string>>;

export const KNOWN_DIMENSIONS = Object.keys(DIMENSIONS) as (keyof typeof DIMENSIONS)[];

export const RECORD_TYPE = DIMENSIONS.charge;

export const METRICS = { effective: 'AmortizedCost', billed: 'UnblendedCost' } as const satisfies Partial<Record<Metric, string>>;
export type KnownMetric = keyof typeof METRICS;

/** A dimension, tag or cost category as the API takes it. */
export interface Term {
  Type: 'DIMENSION' | 'TAG' | 'COST_CATEGORY';
  Key: string;
}

/** @returns `undefined` for a dimension that Cost Explorer does not have */
export function termOf(dimension: Dimension): Term | undefined {
  const named = namedPart(dimension);
  if (named !== undefined) return { Type: named.of === 'tag' ? 'TAG' : 'COST_CATEGORY', Key: named.name };
  return Object.hasOwn(DIMENSIONS, dimension) ? { Type: 'DIMENSION', Key: DIMENSIONS[dimension as keyof typeof DIMENSIONS] } : undefined;
}

/** What stands for no value. */
export const PLACEHOLDERS: Partial<Record<Dimension, string>> = {
  region: 'NoRegion',
  usage_type: 'NoUsageType',
  operation: 'NoOperation',
  resource: 'NoResourceId',
};

const PURCHASE_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  on_demand: ['On Demand Instances'],
  spot: ['Spot Instances'],
  savings_plan: ['Savings Plans'],
  reserved: ['Standard Reserved Instances', 'Convertible Reserved Instances', 'Scheduled Reserved Instances', 'Heavy Utilization'],
};
const OPTION_OF = new Map(Object.entries(PURCHASE_OPTIONS).flatMap(([option, types]) => types.map((type) => [type, option])));
export const PURCHASE_TYPES = [...OPTION_OF.keys()];

/** The values that a value of a dimension has in Cost Explorer: `Amazon Elastic Compute Cloud` has two names there. */
export function rawValues(dimension: Dimension, value: string): readonly string[] {
  if (dimension === 'service') return canonicalService(value) === value ? namesOfService(value) : [];
  if (dimension === 'purchase_option') return Object.hasOwn(PURCHASE_OPTIONS, value) ? (PURCHASE_OPTIONS[value] ?? []) : [];
  return PLACEHOLDERS[dimension] === value ? [] : [value];
}

/** The value of a key in an answer; tags and cost categories come as `Key$value`. @returns `undefined` for none */
export function valueOfKey(dimension: Dimension, key: string): string | undefined {
  const named = namedPart(dimension);
  if (named !== undefined) return key.slice(named.name.length + 1) || undefined;
  if (dimension === 'service') return canonicalService(key) || undefined;
  if (dimension === 'purchase_option') return OPTION_OF.get(key);
  return key === PLACEHOLDERS[dimension] ? undefined : key || undefined;
}

/** Fees of commitments. Their amortized cost is what nobody used of the commitment, which is usage; their unblended cost is a purchase. */
const COMMITMENT_FEES = ['RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee', 'Fee'];
const KIND_OF: Readonly<Record<string, ChargeKind>> = { Support: 'purchase', Tax: 'tax', Credit: 'credit', Refund: 'refund' };

export function kindOf(recordType: string, metric: KnownMetric): ChargeKind {
  if (COMMITMENT_FEES.includes(recordType)) return metric === 'effective' ? 'usage' : 'purchase';
  return (Object.hasOwn(KIND_OF, recordType) ? KIND_OF[recordType] : undefined) ?? 'usage';
}

/** All record types that are not usage. New ones are taken for usage, so that usage is what is none of these. */
export const OTHER_RECORD_TYPES: readonly string[] = [...Object.keys(KIND_OF), ...COMMITMENT_FEES];

export function partOf(kind: ChargeKind): keyof Amounts {
  return kind === 'credit' ? 'credits' : kind === 'refund' ? 'refunds' : 'gross';
}
