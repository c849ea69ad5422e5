import { AwsError, listed } from '@fairway-mcp/aws';
import { Big } from 'big.js';
import { type Units, unitsOfText } from '../../bill/units.ts';

/** An amount of one group in one span of time. */
export interface Cell {
  start: string;
  keys: readonly string[];
  amount: Units;
  quantity: Units;
  /** `undefined` where quantities of several units were added up, or none was asked for. */
  unit: string | undefined;
}

export interface Cells {
  cells: Cell[];
  currencies: Set<string>;
  estimatedFrom: string | undefined;
}

export interface UsagePage {
  ResultsByTime?: {
    TimePeriod?: { Start?: string | undefined } | undefined;
    Groups?: { Keys?: string[]; Metrics?: Metrics }[];
    Estimated?: boolean;
  }[];
  NextPageToken?: string;
}

type Metrics = Record<string, { Amount?: string; Unit?: string }>;

/** Adds the cells of a page. @throws AwsError when it is not one of Cost Explorer's */
export function addPage(into: Cells, action: string, metric: string, { ResultsByTime }: UsagePage): void {
  for (const { TimePeriod, Groups = [], Estimated } of listed(action, ResultsByTime)) {
    const start = TimePeriod?.Start?.slice(0, 10);
    if (start === undefined) throw new AwsError(action, 'invalid_answer', 'MissingTimePeriod');
    if (Estimated === true && (into.estimatedFrom === undefined || start < into.estimatedFrom)) into.estimatedFrom = start;
    for (const { Keys: keys = [], Metrics = {} } of Groups)
      into.cells.push(toCell(into, action, metric, { start, keys, metrics: Metrics }));
  }
}

function toCell(
  { currencies }: Cells,
  action: string,
  metric: string,
  { start, keys, metrics }: { start: string; keys: readonly string[]; metrics: Metrics },
): Cell {
  const { Amount, Unit } = metrics[metric] ?? {};
  const amount = unitsOfAmount(Amount);
  if (amount === undefined) throw new AwsError(action, 'invalid_answer', 'NotAnAmount');
  if (amount !== 0n && Unit) currencies.add(Unit);
  const used = metrics.UsageQuantity;
  const quantity = used === undefined ? 0n : unitsOfAmount(used.Amount);
  if (quantity === undefined) throw new AwsError(action, 'invalid_answer', 'NotAQuantity');
  return { start, keys, amount, quantity, unit: used?.Unit === 'N/A' ? undefined : used?.Unit };
}

/** Small amounts may come with an exponent: `1.2E-7`. */
function unitsOfAmount(text = ''): Units | undefined {
  return unitsOfText(/^-?\d+(\.\d+)?E[+-]?\d{1,2}$/i.test(text) ? new Big(text).toFixed() : text);
}
