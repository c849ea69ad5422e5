import { formatUsd, isoDay } from '@fairway-mcp/aws-sample';
import type { JsonOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';
import { compileExpression } from './expression.ts';
import { visibleLines } from './lines.ts';
import { buckets, readForecastPeriod, readGranularity, type Span, todayOf } from './period.ts';

const HISTORY_DAYS = 28;
const METRICS = ['AMORTIZED_COST', 'UNBLENDED_COST', 'BLENDED_COST', 'NET_AMORTIZED_COST', 'NET_UNBLENDED_COST'];
/** How far the bounds are from the mean, in percent: of a day more than of a month. */
const WIDTH = { DAILY: 30n, MONTHLY: 8n };

/**
 * Every day is expected to cost what days cost in the last four weeks.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostForecast.html
 */
export const getCostForecast: JsonOperation = (input, call) => {
  const granularity = readGranularity(input);
  const period = readForecastPeriod(input, call.now, granularity);
  const metric = input.text('Metric') ?? '';
  if (!METRICS.includes(metric)) throw new ServiceError('ValidationException', `Invalid metric: ${metric}`);
  const level = readLevel(input);
  const expression = input.record('Filter');
  const filter = expression === undefined ? () => true : compileExpression(expression, { withResources: false, looseMatches: false });
  const today = todayOf(call.now);
  const history = { start: today - HISTORY_DAYS, end: today };
  const daily = visibleLines(call)
    .filter(filter)
    .reduce((sum, line) => sum + costOf(line, history, metric), 0n);
  if (daily === 0n) throw new ServiceError('DataUnavailableException', 'Insufficient amount of historical data to generate forecast');
  const mean = (span: Span) => (daily * BigInt(span.end - span.start)) / BigInt(HISTORY_DAYS);
  return {
    Total: { Amount: formatUsd(mean(period)), Unit: 'USD' },
    ForecastResultsByTime: buckets(period, granularity).map((span) => {
      const width = (mean(span) * WIDTH[granularity]) / 100n;
      return {
        TimePeriod: { Start: isoDay(span.start), End: isoDay(span.end) },
        MeanValue: formatUsd(mean(span)),
        ...(level !== undefined && {
          PredictionIntervalLowerBound: formatUsd(mean(span) - width),
          PredictionIntervalUpperBound: formatUsd(mean(span) + width),
        }),
      };
    }),
  };
};

function costOf(line: ReturnType<typeof visibleLines>[number], { start, end }: Span, metric: string): bigint {
  const charged = line.charged?.(start, end);
  if (charged === undefined) return BigInt(line.cost(start, end));
  return metric.includes('AMORTIZED') ? charged.effective : charged.billed;
}

function readLevel(input: JsonInput): number | undefined {
  const level = input.integer('PredictionIntervalLevel');
  if (level !== undefined && (level < 51 || level > 99))
    throw new ServiceError('ValidationException', 'PredictionIntervalLevel must be between 51 and 99');
  return level;
}
