import { formatUsd, isoDay } from '@fairway-mcp/aws-sample';
import type { Call, JsonOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';
import type { BillLine, Charged } from './bill-line.ts';
import { NOTHING, plus } from './charges.ts';
import { valueAttributes } from './dimensions.ts';
import { visibleLines } from './lines.ts';
import { billedUntil, isEstimated, type Span, todayOf } from './period.ts';
import { checkResourceRules, type Query, readQuery } from './query.ts';

const CELLS_PER_PAGE = 5000;
const SEPARATOR = '\u0000';

/** One group in one span of time; `keys` is undefined for the total where nothing is grouped, and for a span without groups. */
interface Cell {
  span: Span;
  keys: readonly string[] | undefined;
  sum: Sum;
}

/** The hours of lines that do not tell how much was used. */
interface Sum extends Charged {
  hours: number;
  currency: string;
}

export const getCostAndUsage: JsonOperation = (input, call) => answer(input, call, readQuery(input, call, false));

export const getCostAndUsageWithResources: JsonOperation = (input, call) => {
  if (!call.settings.resourceLevelCosts) {
    throw new ServiceError('DataUnavailableException', 'Resource-level data is not available. Opt in on the Cost Explorer settings page.');
  }
  const query = readQuery(input, call, true);
  checkResourceRules(input, query, call);
  return answer(input, call, query);
};

function answer(input: JsonInput, call: Call, query: Query): object {
  const page = call.pager.page(cells(query, call, input), {
    listing: `ce/${call.account}/${input.fingerprint(['NextPageToken'])}`,
    limit: CELLS_PER_PAGE,
    token: input.text('NextPageToken'),
  });
  return {
    NextPageToken: page.next,
    GroupDefinitions: query.groupings.length === 0 ? undefined : query.groupings.map(({ type, key }) => ({ Type: type, Key: key })),
    ResultsByTime: results(page.items, query, call),
    DimensionValueAttributes: attributes(page.items, query, call),
  };
}

/** The last computed answers: pages of one question come one after the other, and a question over resources is large. */
const RECENT = new WeakMap<Call['state'], Map<string, Cell[]>>();
const KEPT = 4;

function cells(query: Query, call: Call, input: JsonInput): Cell[] {
  const recent = RECENT.get(call.state) ?? new Map<string, Cell[]>();
  RECENT.set(call.state, recent);
  const key = `${call.account}/${todayOf(call.now)}/${input.fingerprint(['NextPageToken'])}`;
  const known = recent.get(key);
  if (known !== undefined) return known;
  const computed = computeCells(query, call);
  recent.set(key, computed);
  for (const oldest of [...recent.keys()].slice(0, -KEPT)) recent.delete(oldest);
  return computed;
}

function computeCells({ spans, groupings, filter }: Query, call: Call): Cell[] {
  const groups = Map.groupBy(visibleLines(call).filter(filter), (line) => groupings.map(({ read }) => read(line)).join(SEPARATOR));
  const end = billedUntil(call);
  const ordered = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return spans.flatMap((span): Cell[] => {
    const known = { start: span.start, end: Math.min(span.end, end) };
    if (groupings.length === 0) return [{ span, keys: undefined, sum: sumOf(ordered[0]?.[1] ?? [], known) }];
    const found = ordered
      .map(([key, lines]) => ({ span, keys: key.split(SEPARATOR), sum: sumOf(lines, known) }))
      .filter(({ sum: { hours } }) => hours > 0);
    return found.length > 0 ? found : [{ span, keys: undefined, sum: sumOf([], known) }];
  });
}

function sumOf(lines: readonly BillLine[], { start, end }: Span): Sum {
  let [total, pending, hours] = [NOTHING, 0, 0];
  const add = (cost: bigint) => {
    total = plus(total, { ...NOTHING, billed: cost, effective: cost });
  };
  for (const line of lines) {
    if (line.charged !== undefined) {
      const days = line.days(start, end);
      if (days > 0) total = plus(total, line.charged(start, end));
      hours += days * 24;
      continue;
    }
    const cost = line.cost(start, end);
    if (typeof cost === 'bigint') add(cost);
    else pending += cost;
    if (pending > 1e15) {
      add(BigInt(pending));
      pending = 0;
    }
    hours += cost === 0 || cost === 0n ? 0 : line.days(start, end) * 24;
  }
  add(BigInt(pending));
  return { ...total, hours, currency: lines[0]?.currency ?? 'USD' };
}

function results(page: readonly Cell[], { groupings, metrics }: Query, { now }: Call): object[] {
  return [...Map.groupBy(page, ({ span }) => span)].map(([span, cells]) => {
    const groups = cells.filter(({ keys }) => keys !== undefined).map((cell) => ({ Keys: cell.keys, Metrics: values(cell, metrics) }));
    const [first] = cells;
    return {
      TimePeriod: { Start: isoDay(span.start), End: isoDay(span.end) },
      Total: groupings.length === 0 && first !== undefined ? values(first, metrics) : {},
      Groups: groups,
      Estimated: isEstimated(span, now),
    };
  });
}

function values({ sum }: Cell, metrics: readonly string[]): object {
  return Object.fromEntries(metrics.map((metric) => [metric, metricOf(sum, metric)]));
}

function metricOf({ billed, effective, quantity, unit, hours, currency }: Sum, metric: string): { Amount: string; Unit: string } {
  if (metric === 'UsageQuantity' && unit !== undefined) return { Amount: formatUsd(quantity), Unit: unit };
  if (metric === 'UsageQuantity' || metric === 'NormalizedUsageAmount') return { Amount: String(hours), Unit: 'N/A' };
  return { Amount: formatUsd(metric.includes('Amortized') ? effective : billed), Unit: currency };
}

function attributes(page: readonly Cell[], { groupings }: Query, { state }: Call): object[] {
  return groupings.flatMap(({ type, key }, position) => {
    const found = new Set(page.flatMap(({ keys }) => keys?.[position] ?? []));
    if (type !== 'DIMENSION') return [];
    return [...found].flatMap((value) => {
      const described = valueAttributes(key, value, state);
      return Object.keys(described).length === 0 ? [] : [{ Value: value, Attributes: described }];
    });
  });
}
