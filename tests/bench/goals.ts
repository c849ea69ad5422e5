import { divide, type Goal } from '@fairway-mcp/testing/bench';
import { EVERYTHING, type HttpMeasurement, type HttpResult, type Parts, WITHOUT_METRICS } from './http-rounds.ts';
import type { TargetName } from './http-targets.ts';
import type { Measurements } from './measurements.ts';
import type { StdioResult } from './stdio-start.ts';

/** What is compared with as "the quickest peer": libraries, with nothing enabled. */
const PEERS: readonly TargetName[] = ['mcp-lite', 'tmcp', 'sdk-v2', 'sdk-v1'];

/** Everything that is asked, with what was measured: of the kit first, then of each server. */
export function goalsOf({ http, parts, stdio, servers }: Measurements): Goal[] {
  const rows = (name: string) => http.filter((row) => row.name === name);
  return [
    ...rows('echo').flatMap(echoGoals),
    ...metricsGoal(parts),
    ...rows('21 kB result').map((row) => ({ what: `21 kB result, ${row.era}, against SDK v2`, atLeast: 3, measured: rate(row, 'sdk-v2') })),
    ...rows('tools/list, 30 tools').map((row) => ({
      what: `tools/list of 30 tools, ${row.era}, against SDK v2`,
      atLeast: 30,
      measured: rate(row, 'sdk-v2'),
    })),
    ...stdioGoals(stdio),
    ...servers.flatMap(({ name, report }) => report.goals.map((goal) => ({ ...goal, what: `${name}: ${goal.what}` }))),
  ];
}

function echoGoals(row: HttpMeasurement): Goal[] {
  const { fairway } = row.results;
  const quickest = Math.max(...PEERS.map((name) => row.results[name]?.perSecond ?? 0));
  return [
    { what: `echo, ${row.era}: calls a second, against the floor`, atLeast: 0.5, measured: rate(row, 'floor') },
    { what: `echo, ${row.era}: calls a second, against the quickest peer`, atLeast: 1.5, measured: divide(fairway?.perSecond, quickest) },
    {
      what: `echo, ${row.era}: processor time a call, against the floor`,
      atMost: 2,
      measured: ratio(row, 'floor', ({ cpuMicros }) => cpuMicros),
    },
    { what: `echo, ${row.era}: p99, against the floor`, atMost: 4, measured: ratio(row, 'floor', ({ p99Ms }) => p99Ms) },
    { what: `echo, ${row.era}: memory under load, against SDK v2`, atMost: 0.5, measured: ratio(row, 'sdk-v2', ({ rssMb }) => rssMb) },
  ];
}

function metricsGoal(parts: Parts): Goal[] {
  const [withMetrics, without] = [parts[EVERYTHING]?.cpuMicros, parts[WITHOUT_METRICS]?.cpuMicros];
  const measured = (divide(withMetrics, without) - 1) * 100;
  return [{ what: 'metrics: further processor time of an echo', atMost: 5, measured, unit: ' %' }];
}

function stdioGoals(stdio: readonly StdioResult[]): Goal[] {
  const of = (kind: StdioResult['kind']) => stdio.filter((result) => result.kind === kind);
  const floor = of('floor')[0]?.startMs;
  const quickest = Math.min(...of('published').map(({ startMs }) => startMs));
  return of('own').flatMap(({ name, startMs }) => [
    { what: `${name}: spawn to tools/list, against the raw floor`, atMost: 3.3, measured: divide(startMs, floor) },
    { what: `${name}: spawn to tools/list, against the quickest published server`, atMost: 1, measured: divide(startMs, quickest) },
  ]);
}

function rate(row: HttpMeasurement, other: TargetName): number {
  return ratio(row, other, ({ perSecond }) => perSecond);
}

function ratio({ results }: HttpMeasurement, other: TargetName, pick: (result: HttpResult) => number | undefined): number {
  const [ours, theirs] = [results.fairway, results[other]];
  return divide(ours && pick(ours), theirs && pick(theirs));
}

/** The cells of a goal: what, asked, measured, met or missed. Undefined when it was not measured. */
export function goalCells({ what, atLeast, atMost, measured, unit = 'x' }: Goal): [string, string, string, string] | undefined {
  if (Number.isNaN(measured)) return undefined;
  const asked = atLeast === undefined ? `at most ${atMost}${unit}` : `at least ${atLeast}${unit}`;
  const isMet = atLeast === undefined ? measured <= (atMost ?? Number.NaN) : measured >= atLeast;
  const text = unit === 'x' ? measured.toFixed(Math.abs(measured) < 10 ? 2 : 1) : measured.toFixed(1);
  return [what, asked, `${text}${unit}`, isMet ? 'met' : 'missed'];
}
