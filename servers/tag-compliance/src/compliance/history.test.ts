import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../policy/compile-policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { POLICY_TEXT, resourceOf } from './arbitraries.fixture.ts';
import { bucketName, bucketStart, nextBucket } from './calendar.ts';
import { evaluate } from './evaluate.ts';
import { historyOf, historySchema } from './history.ts';
import { isConclusive, type Snapshot, scopeOf, snapshotSchema, takeSnapshot, WHOLE } from './snapshot.ts';
import { DEAD_BAND, trendOf } from './trend.ts';

const now = new Date('2026-03-11T12:00:00Z');
const SCOPE = 'types=ec2:vpc regions=* accounts=* severity=all';

function snapshot(taken_at: string, score: number, parts: Partial<Snapshot> = {}): Snapshot {
  return {
    taken_at,
    scope: SCOPE,
    resources: 100,
    in_scope: 100,
    compliant: Math.round(score * 100),
    non_compliant: 100 - Math.round(score * 100),
    score,
    violations: {},
    is_complete: true,
    policy_version: '1 (aaaa)',
    ...parts,
  };
}

describe('history', () => {
  it('shows the last snapshot of each day, and no snapshot for days without a scan', () => {
    const snapshots = [
      snapshot('2026-03-11T08:00:00Z', 0.6),
      snapshot('2026-03-09T23:59:59Z', 0.5),
      snapshot('2026-03-09T01:00:00Z', 0.1),
      snapshot('2026-03-01T01:00:00Z', 0.9),
    ];
    const history = historyOf(snapshots, { now, daysBack: 3, groupBy: 'day' });
    expect(historySchema.parse(history)).toEqual(history);
    expect(history.series.map(({ bucket, snapshot: shown, scans }) => [bucket, shown?.score, shown?.in_scope, scans])).toEqual([
      ['2026-03-09', 0.5, 100, 2],
      ['2026-03-10', undefined, undefined, 0],
      ['2026-03-11', 0.6, 100, 1],
    ]);
    expect(history).toMatchObject({ trend: 'improving', change: 0.1, scope: SCOPE, notes: [] });
  });

  it('groups by ISO weeks and by months in UTC', () => {
    const snapshots = [snapshot('2026-03-01T23:00:00Z', 0.9), snapshot('2026-03-02T00:00:00Z', 0.8), snapshot('2026-03-11T00:00:00Z', 0.7)];
    const series = (groupBy: 'week' | 'month') =>
      historyOf(snapshots, { now, daysBack: 14, groupBy }).series.map(({ bucket, snapshot: shown }) => [bucket, shown?.score]);
    expect(series('week')).toEqual([
      ['2026-W09', 0.9],
      ['2026-W10', 0.8],
      ['2026-W11', 0.7],
    ]);
    expect(series('month')).toEqual([
      ['2026-02', undefined],
      ['2026-03', 0.7],
    ]);
  });

  it('contains only snapshots of one scope: the requested one, or the newest', () => {
    const snapshots = [snapshot('2026-03-09T00:00:00Z', 0.2, { scope: 'other' }), snapshot('2026-03-10T00:00:00Z', 0.9)];
    expect(historyOf(snapshots, { now, daysBack: 7, groupBy: 'day' })).toMatchObject({
      scope: SCOPE,
      trend: 'unknown',
      notes: [
        expect.stringContaining('Scans of other types, regions, accounts or severities are not shown (1)'),
        'One scan is no trend yet.',
      ],
    });
    expect(
      historyOf(snapshots, { now, daysBack: 7, groupBy: 'day', scope: 'other' }).series.some(({ snapshot: shown }) => shown?.score === 0.2),
    ).toBe(true);
  });

  it('prefers the scope of everything to narrower scopes with more scans', () => {
    const snapshots = [
      snapshot('2026-03-08T00:00:00Z', 0.5, { scope: WHOLE }),
      ...['2026-03-09', '2026-03-10', '2026-03-11'].map((day) => snapshot(`${day}T00:00:00Z`, 0.9)),
      snapshot('2026-03-11T01:00:00Z', 0.1, { scope: 'types=s3:bucket' }),
    ];
    const history = historyOf(snapshots, { now, daysBack: 7, groupBy: 'day' });
    expect(history.scope).toBe(WHOLE);
    expect(history.series.flatMap(({ snapshot: shown }) => (shown === undefined ? [] : [shown.score]))).toEqual([0.5]);
    expect(history.other_scopes).toEqual([SCOPE, 'types=s3:bucket']);
  });

  it('says when the policy changed and when scans were partial', () => {
    const snapshots = [
      snapshot('2026-03-08T00:00:00Z', 0.9),
      snapshot('2026-03-10T00:00:00Z', 0.5, { policy_version: '2 (bbbb)', is_complete: false }),
    ];
    expect(historyOf(snapshots, { now, daysBack: 7, groupBy: 'day' }).notes).toEqual([
      expect.stringMatching(/policy changed.*before 2026-03-10 \(now 2 \(bbbb\)\)/),
      '1 of 2 scans shown cover only a part of what was requested.',
    ]);
  });

  it('shows the last complete snapshot of a day, week or month, and a partial one only when there is no other', () => {
    const snapshots = [
      snapshot('2026-03-03T00:00:00Z', 0.3, { is_complete: false }),
      snapshot('2026-03-09T00:00:00Z', 0.5),
      snapshot('2026-03-10T00:00:00Z', 0.9, { is_complete: false }),
    ];
    const { series } = historyOf(snapshots, { now, daysBack: 14, groupBy: 'week' });
    expect(series.map(({ snapshot: shown, scans }) => [shown?.score, scans])).toEqual([
      [undefined, 0],
      [0.3, 1],
      [0.5, 2],
    ]);
  });

  it('does not call several scans of one day one scan', () => {
    const snapshots = [snapshot('2026-03-11T08:00:00Z', 0.5), snapshot('2026-03-11T09:00:00Z', 0.6)];
    const notes = (groupBy: 'day' | 'month') => historyOf(snapshots, { now, daysBack: 7, groupBy }).notes;
    expect(notes('day')).toEqual(['All 2 scans are of the same day, which is no trend yet.']);
    expect(notes('month')).toEqual(['All 2 scans are of the same month, which is no trend yet.']);
    expect(historyOf(snapshots.slice(1), { now, daysBack: 7, groupBy: 'day' }).notes).toEqual(['One scan is no trend yet.']);
  });

  it('is valid when it is empty', () => {
    const history = historyOf([], { now, daysBack: 2, groupBy: 'day' });
    expect(history).toMatchObject({ trend: 'unknown', notes: [expect.stringContaining('no scan')] });
    expect(history.series).toHaveLength(2);
  });
});

describe('buckets', () => {
  it('follow each other without a gap, and weeks start on Monday', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }), (date) => {
        for (const bucketing of ['day', 'week', 'month'] as const) {
          const start = bucketStart(date.getTime(), bucketing);
          expect(start).toBeLessThanOrEqual(date.getTime());
          expect(nextBucket(start, bucketing)).toBeGreaterThan(date.getTime());
          expect(bucketStart(nextBucket(start, bucketing) - 1, bucketing)).toBe(start);
          expect(bucketStart(nextBucket(start, bucketing), bucketing)).toBe(nextBucket(start, bucketing));
        }
        expect(new Date(bucketStart(date.getTime(), 'week')).getUTCDay()).toBe(1);
      }),
    );
  });

  it.each([
    ['2027-01-01T00:00:00Z', '2026-W53'],
    ['2024-12-30T00:00:00Z', '2025-W01'],
    ['2026-01-01T00:00:00Z', '2026-W01'],
  ])('%s is in %s', (instant, week) => {
    expect(bucketName(bucketStart(Date.parse(instant), 'week'), 'week')).toBe(week);
  });
});

const DAY = 86_400_000;

describe('a trend', () => {
  const points = (...scores: number[]) => scores.map((score, index) => ({ time: index * DAY, score }));

  it('needs two points, and more than noise', () => {
    expect(trendOf(points(0.5))).toEqual({ trend: 'unknown', change: undefined });
    expect(trendOf(points(0.5, 0.509)).trend).toBe('stable');
    expect(trendOf(points(0.5, 0.51)).trend).toBe('improving');
    expect(trendOf(points(0.7, 0.69)).trend).toBe('declining');
  });

  it('is not changed by one outlier', () => {
    expect(trendOf(points(0.5, 0.52, 0.54, 0.56, 0.1)).trend).toBe('improving');
    expect(trendOf(points(0.5, 0.5, 1, 0.5, 0.5)).trend).toBe('stable');
  });

  it('is improving for a rising series, declining for a falling one, and symmetric', () => {
    const scores = fc
      .uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 30 })
      .map((list) => list.map((score) => score / 50));
    fc.assert(
      fc.property(scores, (list) => {
        const rising = list.toSorted((a, b) => a - b);
        expect(trendOf(points(...rising)).trend).toBe('improving');
        expect(trendOf(points(...rising.toReversed())).trend).toBe('declining');
        const change = trendOf(points(...list)).change ?? Number.NaN;
        expect(trendOf(points(...list.toReversed())).change).toBeCloseTo(-change, 9);
        expect(trendOf(points(...list.map(() => 0.3))).trend).toBe('stable');
        const { trend } = trendOf(points(...list));
        expect(trend).toBe(Math.abs(change) < DEAD_BAND ? 'stable' : change > 0 ? 'improving' : 'declining');
      }),
    );
  });
});

describe('a snapshot', () => {
  it('contains the counts of the evaluation, its scope, its policy and its completeness', () => {
    const reading = readPolicy(POLICY_TEXT, 'policy.yaml');
    if ('problems' in reading) throw new Error(reading.message);
    const policy = compilePolicy(reading.policy);
    const list = [resourceOf({ tags: { owner: 'x' } }), resourceOf({ type: 'sqs:queue', tags: { CostCenter: 'CC-1000' } })];
    const evaluation = evaluate(list, policy, { costs: new Map(list.map(({ arn }) => [arn, '1'])) });
    const coverage = { entries: [], isComplete: false };
    const taken = takeSnapshot(evaluation, { takenAt: now, scope: SCOPE, coverage, policyVersion: policy.version });
    expect(snapshotSchema.parse(taken)).toEqual({
      taken_at: '2026-03-11T12:00:00.000Z',
      scope: SCOPE,
      exempt: 0,
      resources: 2,
      in_scope: 2,
      compliant: 1,
      non_compliant: 1,
      score: 0.5,
      cost_score: 0.5,
      violations: { near_miss_key: 1, missing_required_tag: 2 },
      is_complete: false,
      policy_version: policy.version,
    });
  });
});

describe('a scan is conclusive', () => {
  const place = { account: '111122223333', region: 'eu-west-1', types: ['ec2:vpc'], resources: 0 };
  const denied = { ...place, status: 'missing' as const, reason: 'access_denied' as const };
  const late = { ...place, status: 'missing' as const, reason: 'not_reached' as const };

  it.each([
    ['when everything was seen, also of an empty account', { entries: [], isComplete: true }, 0, true],
    ['when some was denied', { entries: [denied], isComplete: false }, 5, true],
    ['not when nothing could be seen', { entries: [denied], isComplete: false }, 0, false],
    ['not when it ran out of time', { entries: [denied, late], isComplete: false }, 5, false],
  ])('%s', (_name, coverage, resources, expected) => {
    expect(isConclusive(coverage, { resources })).toBe(expected);
  });
});

describe('a scope', () => {
  it('does not depend on the order of its lists', () => {
    const scope = scopeOf({ types: ['s3:bucket', 'ec2:instance'], regions: [], accounts: ['1', '1'] }, 'errors_only');
    expect(scope).toBe('types=ec2:instance,s3:bucket regions=* accounts=1 severity=errors_only');
    expect(scopeOf({ types: ['ec2:instance', 's3:bucket'], regions: [], accounts: ['1'] }, 'errors_only')).toBe(scope);
  });
});
