import { describe, expect, it } from 'vitest';
import { DurationMetric } from './duration-metric.ts';

function createMetric(): DurationMetric {
  const resource = {} as never;
  return new DurationMetric({ name: 'duration', description: '', resource, scope: 'test', histogram: 0, cumulative: 1, double: 1 });
}

async function pointsOf(metric: DurationMetric): Promise<readonly object[]> {
  const { scopeMetrics } = (await metric.collect()).resourceMetrics;
  return scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(({ dataPoints }): readonly object[] => dataPoints));
}

describe('DurationMetric', () => {
  it('counts each duration in the bucket whose upper boundary it does not exceed', async () => {
    const metric = createMetric();
    for (const seconds of [0.001, 0.01, 0.011, 300, 301]) metric.record('a', seconds, () => ({ tool: 'a' }));
    expect(await pointsOf(metric)).toMatchObject([
      {
        attributes: { tool: 'a' },
        value: {
          count: 5,
          sum: expect.closeTo(601.022),
          min: 0.001,
          max: 301,
          buckets: { counts: [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1] },
        },
      },
    ]);
  });

  it('has a point for each key, and none before the first duration', async () => {
    const metric = createMetric();
    expect(await pointsOf(metric)).toEqual([]);
    for (const tool of ['a', 'b', 'a']) metric.record(tool, 1, () => ({ tool }));
    expect(await pointsOf(metric)).toMatchObject([
      { attributes: { tool: 'a' }, value: { count: 2 } },
      { attributes: { tool: 'b' }, value: { count: 1 } },
    ]);
  });

  it('reports totals since the start, which later durations do not change afterwards', async () => {
    const metric = createMetric();
    metric.record('a', 1, () => ({}));
    const before = await pointsOf(metric);
    metric.record('a', 1, () => ({}));
    expect(before).toMatchObject([{ value: { count: 1 } }]);
    expect(await pointsOf(metric)).toMatchObject([{ value: { count: 2, sum: 2 } }]);
  });
});
