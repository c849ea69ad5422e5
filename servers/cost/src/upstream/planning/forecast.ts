import { AwsError, listed } from '@fairway-mcp/aws';
import type { Ask } from '@fairway-mcp/aws-billing';
import * as z from 'zod';
import { addMonths } from '../../bill/days.ts';
import { formatUnits } from '../../bill/units.ts';
import type { ForecastQuestion } from '../../planning/planning.ts';
import { amountOf } from './numbers.ts';

export const FORECAST_ACTION = 'ce:GetCostForecast';

const METRICS = { effective: 'AMORTIZED_COST', billed: 'UNBLENDED_COST' } as const;
/** Four of five cases. */
const LEVEL = 80;
const NO_REDUCTIONS = { Not: { Dimensions: { Key: 'RECORD_TYPE' as const, Values: ['Credit', 'Refund'] } } };

/** Amounts as decimal strings, as the cache keeps them. */
const span = z.object({ start: z.string(), expected: z.string(), low: z.string(), high: z.string() });
export const storedForecast = z.object({ currency: z.string(), months: z.array(span), days: z.array(span) });
export type StoredForecast = z.output<typeof storedForecast>;
type Span = z.output<typeof span>;

/** What Cost Explorer expects from today on, by month and for the rest of this month by day. @throws AwsError, ToolError */
export async function readForecast(ask: Ask, { metric, months }: ForecastQuestion, today: string): Promise<StoredForecast> {
  const monthly = await readSpans(ask, metric, 'MONTHLY', { Start: today, End: addMonths(today, months) });
  const daily = await readSpans(ask, metric, 'DAILY', { Start: today, End: addMonths(today, 1) });
  return { currency: monthly.currency, months: monthly.spans, days: daily.spans };
}

async function readSpans(
  ask: Ask,
  metric: ForecastQuestion['metric'],
  Granularity: 'MONTHLY' | 'DAILY',
  TimePeriod: { Start: string; End: string },
): Promise<{ currency: string; spans: Span[] }> {
  const input = { TimePeriod, Granularity, Metric: METRICS[metric], PredictionIntervalLevel: LEVEL, Filter: NO_REDUCTIONS };
  const { Total, ForecastResultsByTime } = await ask(FORECAST_ACTION, ({ client, GetCostForecastCommand }, options) =>
    client.send(new GetCostForecastCommand(input), options),
  );
  const spans = listed(FORECAST_ACTION, ForecastResultsByTime).map((result): Span => {
    const start = result.TimePeriod?.Start?.slice(0, 10);
    const { MeanValue, PredictionIntervalLowerBound: low = MeanValue, PredictionIntervalUpperBound: high = MeanValue } = result;
    const [expected = '', lowest = '', highest = ''] = [MeanValue, low, high].map((text) => formatUnits(amountOf(FORECAST_ACTION, text)));
    if (start === undefined) throw new AwsError(FORECAST_ACTION, 'invalid_answer', 'MissingTimePeriod');
    return { start, expected, low: lowest, high: highest };
  });
  return { currency: Total?.Unit || 'USD', spans };
}
