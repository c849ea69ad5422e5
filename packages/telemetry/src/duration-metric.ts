import type { Attributes, HrTime } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type {
  AggregationTemporality,
  CollectionResult,
  DataPoint,
  DataPointType,
  Histogram,
  HistogramMetricData,
  MetricProducer,
} from '@opentelemetry/sdk-metrics';

/** Seconds, as the conventions ask. Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/ */
const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

export interface DurationMetricOptions {
  name: string;
  description: string;
  resource: Resource;
  scope: string;
  /** Constants of the SDK, which is loaded on demand. */
  histogram: DataPointType.HISTOGRAM;
  cumulative: AggregationTemporality.CUMULATIVE;
  double: 1;
}

/** The durations under one set of attributes. */
interface Series {
  attributes: Attributes;
  counts: number[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

/**
 * A histogram of durations. The SDK's own sorts and serializes the attributes of every recorded value, which costs more than the rest of
 * an observation; here the caller names the set of attributes by a key, and the SDK reads the totals when it exports them.
 */
export class DurationMetric implements MetricProducer {
  readonly #options: DurationMetricOptions;
  readonly #series = new Map<string, Series>();
  readonly #startTime = toHrTime(Date.now());

  constructor(options: DurationMetricOptions) {
    this.#options = options;
  }

  /**
   * @param key equal for equal attributes
   * @param attributes called for the first value of a key
   */
  record(key: string, seconds: number, attributes: () => Attributes): void {
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { attributes: attributes(), counts: new Array(BUCKETS.length + 1).fill(0), count: 0, sum: 0, min: seconds, max: seconds };
      this.#series.set(key, series);
    }
    const bucket = bucketOf(seconds);
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.count += 1;
    series.sum += seconds;
    if (seconds < series.min) series.min = seconds;
    if (seconds > series.max) series.max = seconds;
  }

  async collect(): Promise<CollectionResult> {
    const { resource, scope } = this.#options;
    const metrics = this.#series.size === 0 ? [] : [this.#metric()];
    return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: scope }, metrics }] }, errors: [] };
  }

  #metric(): HistogramMetricData {
    const { name, description, histogram, cumulative, double } = this.#options;
    const endTime = toHrTime(Date.now());
    return {
      descriptor: { name, description, unit: 's', valueType: double },
      aggregationTemporality: cumulative,
      dataPointType: histogram,
      dataPoints: [...this.#series.values()].map((series) => this.#point(series, endTime)),
    };
  }

  #point({ attributes, counts, count, sum, min, max }: Series, endTime: HrTime): DataPoint<Histogram> {
    const buckets = { boundaries: BUCKETS, counts: [...counts] };
    return { startTime: this.#startTime, endTime, attributes, value: { buckets, count, sum, min, max } };
  }
}

/** A bucket includes its upper boundary. */
function bucketOf(seconds: number): number {
  const index = BUCKETS.findIndex((boundary) => seconds <= boundary);
  return index === -1 ? BUCKETS.length : index;
}

function toHrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}
