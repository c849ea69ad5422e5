import fs from 'node:fs';
import path from 'node:path';
import { median, startProgram, type Usage, usageOf } from '@fairway-mcp/testing/bench';
import { bodyOf, HttpConnection, openSession } from './http-connection.ts';
import {
  type FairwayOptions,
  SPOKEN,
  startCollector,
  startFairway,
  startTarget,
  TARGETS,
  type Target,
  type TargetName,
} from './http-targets.ts';
import type { Load, LoadResult } from './load.ts';
import { type Era, REQUESTS, requestBytes } from './requests.ts';

export interface HttpRow {
  name: string;
  request: keyof typeof REQUESTS;
  era: Era;
  tools: number;
}

export const HTTP_ROWS: readonly HttpRow[] = [
  { name: 'echo', request: 'echo', era: 'modern', tools: 2 },
  { name: 'echo', request: 'echo', era: 'legacy', tools: 2 },
  { name: '21 kB result', request: 'page', era: 'modern', tools: 2 },
  { name: '21 kB result', request: 'page', era: 'legacy', tools: 2 },
  { name: 'tools/list, 30 tools', request: 'list', era: 'modern', tools: 30 },
  { name: 'tools/list, 30 tools', request: 'list', era: 'legacy', tools: 30 },
];

export interface HttpResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the server for each call, in microseconds. */
  cpuMicros: number | undefined;
  rssMb: number | undefined;
}

export interface HttpMeasurement extends HttpRow {
  results: Partial<Record<TargetName, HttpResult>>;
}

export interface HttpPlan {
  /** Folder of the built targets. */
  programs: string;
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  connections: number;
  print: (line: string) => void;
}

/** Measures one row: every target is started and warmed up, then the targets take turns; the medians of the rounds count. */
export async function measureRow(row: HttpRow, plan: HttpPlan, names: readonly TargetName[] = TARGETS): Promise<HttpMeasurement> {
  const collector = await startCollector();
  const targets: Target<TargetName>[] = [];
  const env = { BENCH_TOOLS: String(row.tools) };
  try {
    const fairway = await startFairway('fairway', plan.programs, { tools: row.tools, collector: collector.url });
    targets.push(fairway);
    // SDK v1 is measured with the older protocol only: mcp-lite is the quicker one of those that do not speak the newer.
    for (const name of names.filter((candidate) => candidate !== 'fairway' && !(candidate === 'sdk-v1' && row.era === 'modern'))) {
      const answer: Record<string, string> = name === 'floor' ? { BENCH_ANSWER: await answerOf(fairway, row) } : {};
      targets.push(await startTarget(name, plan.programs, { ...env, ...answer }));
    }
    const results = await takeTurns(targets, row, plan);
    plan.print(`${row.name}, ${row.era}: ${summary(targets, results)}`);
    return { ...row, results };
  } finally {
    for (const { child } of targets) child.kill('SIGKILL');
    collector.stop();
  }
}

export type Parts = Record<string, HttpResult>;

/** A file system in memory. */
const MEMORY = '/dev/shm';

/** Measures what the parts of an echo cost: the kit with more and with less enabled. Empty where there is no file system in memory. */
export async function measureParts(plan: HttpPlan): Promise<Parts> {
  if (!fs.existsSync(MEMORY)) return {};
  const collector = await startCollector();
  const row: HttpRow = { name: 'echo', request: 'echo', era: 'modern', tools: 2 };
  const targets: Target[] = [];
  const add = async (name: string, options: Omit<FairwayOptions, 'tools'>) =>
    targets.push(await startFairway(name, plan.programs, { tools: row.tools, ...options }));
  try {
    await add('everything on, and a span of every call', { collector: collector.url, traceRatio: 1 });
    await add(EVERYTHING, { collector: collector.url });
    await add(WITHOUT_METRICS, {});
    await add('the same, with the audit trail in memory: nothing to flush', { stateRoot: MEMORY });
    const results = await takeTurns(targets, row, plan);
    plan.print(`parts of an echo: ${summary(targets, results)}`);
    return results;
  } finally {
    for (const { child } of targets) child.kill('SIGKILL');
    collector.stop();
  }
}

export const EVERYTHING = 'everything on';
export const WITHOUT_METRICS = 'the same, without metrics';

function summary(targets: readonly Target[], results: Parts): string {
  return targets
    .map(({ name }) => `${name} ${Math.round(results[name]?.perSecond ?? 0)}/s ${results[name]?.cpuMicros?.toFixed(0) ?? '–'} µs`)
    .join(', ');
}

async function takeTurns<Name extends string>(
  targets: readonly Target<Name>[],
  row: HttpRow,
  plan: HttpPlan,
): Promise<Record<Name, HttpResult>> {
  for (const target of targets) await load(target, row, plan, plan.warmUpSeconds);
  const rounds = new Map<Name, HttpResult[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < plan.rounds; round += 1) {
    // Every other round goes backwards, so that no target always follows the slowest one.
    for (const target of round % 2 === 0 ? targets : targets.toReversed())
      rounds.get(target.name)?.push(await measureOnce(target, row, plan));
  }
  return Object.fromEntries([...rounds].map(([name, all]) => [name, medians(all)])) as Record<Name, HttpResult>;
}

async function measureOnce(target: Target, row: HttpRow, plan: HttpPlan): Promise<HttpResult> {
  const before = usageOf(target.child.pid);
  const { requests, seconds, p50Ms, p99Ms } = await load(target, row, plan, plan.seconds);
  const after = usageOf(target.child.pid);
  return { perSecond: requests / seconds, p50Ms, p99Ms, cpuMicros: cpuPerCall(before, after, requests), rssMb: after?.rssMb };
}

function cpuPerCall(before: Usage | undefined, after: Usage | undefined, requests: number): number | undefined {
  return before && after ? ((after.cpuSeconds - before.cpuSeconds) / requests) * 1e6 : undefined;
}

function medians(all: readonly HttpResult[]): HttpResult {
  const of = (pick: (result: HttpResult) => number | undefined) => {
    const values = all.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  return {
    perSecond: of(({ perSecond }) => perSecond) ?? Number.NaN,
    p50Ms: of(({ p50Ms }) => p50Ms) ?? Number.NaN,
    p99Ms: of(({ p99Ms }) => p99Ms) ?? Number.NaN,
    cpuMicros: of(({ cpuMicros }) => cpuMicros),
    rssMb: of(({ rssMb }) => rssMb),
  };
}

/** The row's era, or the one that the target speaks instead. */
export function eraOf(target: string, { era }: HttpRow): Era {
  const spoken = SPOKEN[target as TargetName];
  return spoken === undefined || spoken.includes(era) ? era : (spoken[0] ?? era);
}

function load(target: Target, row: HttpRow, { programs, connections }: HttpPlan, seconds: number): Promise<LoadResult> {
  const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
  const child = startProgram('client', path.join(programs, 'load.js'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('message', (result) => resolve(result as LoadResult));
  child.on('exit', (code) => reject(new Error(`The load generator failed on ${target.name} (exit code ${code}).`)));
  const { url, headers } = target;
  const order: Load = { url, request: REQUESTS[row.request], era: eraOf(target.name, row), headers, connections, seconds };
  child.send(order);
  return promise;
}

/** The bytes that the kit answers, for the floor to send. */
async function answerOf({ url: text, headers }: Target, { request, era }: HttpRow): Promise<string> {
  const url = new URL(text);
  const connection = await HttpConnection.open(url);
  const session = era === 'legacy' ? await openSession(connection, url, headers) : {};
  const response = await connection.send(requestBytes(url, REQUESTS[request], era, { id: 1, headers: { ...headers, ...session } }));
  connection.close();
  return bodyOf(response).toString('utf8');
}
