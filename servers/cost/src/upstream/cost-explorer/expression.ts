import type { Service } from '@fairway-mcp/aws';
import { namedPart } from '../../bill/dimensions.ts';
import type { Dimension, Filter } from '../../bill/question.ts';
import {
  KNOWN_DIMENSIONS,
  type KnownMetric,
  kindOf,
  OTHER_RECORD_TYPES,
  PLACEHOLDERS,
  PURCHASE_TYPES,
  RECORD_TYPE,
  rawValues,
  termOf,
} from './terms.ts';

type UsageInput = ConstructorParameters<Service<'cost-explorer'>['GetCostAndUsageCommand']>[0];
export type Expression = NonNullable<UsageInput['Filter']>;

/** An expression, or whether everything or nothing passes. */
export type Condition = Expression | boolean;

type Is = Extract<Filter, { kind: 'is' }>;

export function conditionOf(filter: Filter | undefined, metric: KnownMetric): Condition {
  if (filter === undefined) return true;
  switch (filter.kind) {
    case 'all':
      return every(filter.of.map((part) => conditionOf(part, metric)));
    case 'any':
      return some(filter.of.map((part) => conditionOf(part, metric)));
    case 'not':
      return not(conditionOf(filter.of, metric));
    case 'is':
      return isOneOf(filter, metric);
  }
}

export function every(conditions: readonly Condition[]): Condition {
  if (conditions.includes(false)) return false;
  const parts = conditions.filter((condition) => typeof condition !== 'boolean');
  return parts.length > 1 ? { And: parts } : (parts[0] ?? true);
}

export function some(conditions: readonly Condition[]): Condition {
  if (conditions.includes(true)) return true;
  const parts = conditions.filter((condition) => typeof condition !== 'boolean');
  return parts.length > 1 ? { Or: parts } : (parts[0] ?? false);
}

export function not(condition: Condition): Condition {
  return typeof condition === 'boolean' ? !condition : { Not: condition };
}

function isOneOf({ dimension, values }: Is, metric: KnownMetric): Condition {
  if (dimension === 'charge') return isCharge(values, metric);
  if (dimension === 'provider') return values.includes('AWS');
  const named = namedPart(dimension);
  if (named !== undefined) return isNamed(named, values);
  if (!KNOWN_DIMENSIONS.some((known) => known === dimension)) return false;
  const wanted = values.flatMap((value) => (value === undefined ? [] : rawValues(dimension, value)));
  if (!values.includes(undefined)) return among(dimension, wanted);
  if (dimension === 'purchase_option')
    return not(
      among(
        dimension,
        PURCHASE_TYPES.filter((type) => !wanted.includes(type)),
      ),
    );
  const placeholder = PLACEHOLDERS[dimension];
  return among(dimension, placeholder === undefined ? wanted : [...wanted, placeholder]);
}

export function among(dimension: Dimension, values: readonly string[]): Condition {
  const term = termOf(dimension);
  if (term === undefined || values.length === 0) return false;
  return { Dimensions: { Key: term.Key as 'SERVICE', Values: [...values] } };
}

function isCharge(values: Is['values'], metric: KnownMetric): Condition {
  const others = OTHER_RECORD_TYPES.filter((type) => kindOf(type, metric) !== 'usage');
  const isWanted = (type: string) => values.includes(kindOf(type, metric));
  const ofTypes = (types: readonly string[]): Condition =>
    types.length === 0 ? false : { Dimensions: { Key: RECORD_TYPE, Values: [...types] } };
  if (!values.includes('usage')) return ofTypes(others.filter(isWanted));
  return not(ofTypes(others.filter((type) => !isWanted(type))));
}

function isNamed({ of, name: Key }: { of: 'tag' | 'cost_category'; name: string }, values: Is['values']): Condition {
  const wrap = (inner: NonNullable<Expression['Tags']>): Expression => (of === 'tag' ? { Tags: inner } : { CostCategories: inner });
  const present = values.filter((value) => value !== undefined && value !== '');
  return some([
    ...(present.length > 0 ? [wrap({ Key, Values: present as string[] })] : []),
    ...(values.includes(undefined) ? [wrap({ Key, MatchOptions: ['ABSENT'] })] : []),
  ]);
}
