import type { Call } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';
import { dimension, type Reader } from './dimensions.ts';
import { compileExpression, demandedValues, type LineFilter } from './expression.ts';
import { buckets, readGranularity, readPeriod, type Span, todayOf } from './period.ts';

const MAX_GROUPINGS = 2;
const RESOURCE_DAYS = 14;

/** What a request for cost and usage asks. */
export interface Query {
  spans: Span[];
  groupings: readonly { type: string; key: string; read: Reader }[];
  filter: LineFilter;
  metrics: readonly string[];
}

/** @throws ServiceError ValidationException for what Cost Explorer refuses. */
export function readQuery(input: JsonInput, call: Call, withResources: boolean): Query {
  const period = readPeriod(input, call.now);
  const expression = input.record('Filter');
  return {
    spans: buckets(period, readGranularity(input)),
    metrics: readMetrics(input),
    groupings: readGroupings(input, withResources),
    filter: expression === undefined ? () => true : compileExpression(expression, { withResources, looseMatches: false }),
  };
}

function readGroupings(input: JsonInput, withResources: boolean): Query['groupings'] {
  const groupings = input.records('GroupBy').map((group) => {
    const [type, key] = [group.text('Type') ?? '', group.text('Key') ?? ''];
    return { type, key, read: groupReader(type, key, withResources) };
  });
  if (groupings.length > MAX_GROUPINGS) throw invalid('Number of GroupBy is limited to 2');
  return groupings;
}

/** Tags and cost categories answer as `Key$value`, with nothing behind the sign where there is none. */
function groupReader(type: string, key: string, withResources: boolean): Reader {
  switch (type) {
    case 'DIMENSION':
      return dimension(key, { withResources });
    case 'TAG':
      return ({ tags }) => `${key}$${tags[key] ?? ''}`;
    case 'COST_CATEGORY':
      return ({ costCategories }) => `${key}$${costCategories?.[key] ?? ''}`;
    default:
      throw invalid(`Invalid GroupBy type: ${type}`);
  }
}

const METRICS = [
  'AmortizedCost',
  'BlendedCost',
  'NetAmortizedCost',
  'NetUnblendedCost',
  'UnblendedCost',
  'NormalizedUsageAmount',
  'UsageQuantity',
];

/** Names may come as `UnblendedCost` or `UNBLENDED_COST`. */
function readMetrics(input: JsonInput): string[] {
  const asked = input.texts('Metrics');
  if (asked.length === 0) throw invalid('Metrics is required');
  return asked.map((name) => {
    const metric = METRICS.find((known) => known.toUpperCase() === name.toUpperCase().replaceAll('_', ''));
    if (metric === undefined) throw invalid(`Invalid metric: ${name}`);
    return metric;
  });
}

/** What the documentation of the operation demands. */
export function checkResourceRules(input: JsonInput, { groupings, spans }: Query, { now }: Call): void {
  const expression = input.record('Filter');
  if (expression === undefined) throw invalid('Filter is required');
  if (demandedValues(expression, 'SERVICE').length === 0) throw invalid('Filter must contain a SERVICE dimension');
  const byResource = groupings.some(({ key }) => key === 'RESOURCE_ID') || demandedValues(expression, 'RESOURCE_ID').length > 0;
  if (!byResource) throw invalid('You must either group by or filter by RESOURCE_ID');
  const start = spans[0]?.start ?? 0;
  if (start < todayOf(now) - RESOURCE_DAYS) throw invalid(`Resource-level data is available for the last ${RESOURCE_DAYS} days only`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
