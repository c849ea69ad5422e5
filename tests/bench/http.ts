import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { workshop } from './build.ts';
import { bodyOf, Connection, openSession } from './connection.ts';
import type { Load, Measured } from './load.ts';
import { median, saying, start, type Usage, usageOf } from './processes.ts';
import { type Era, QUESTIONS, requestBytes } from './requests.ts';

export const TARGETS = ['fairway', 'sdk-v2', 'sdk-v1', 'floor'] as const;
export type TargetName = (typeof TARGETS)[number];

export interface HttpRow {
  name: string;
  question: keyof typeof QUESTIONS;
  era: Era;
  tools: number;
}

export const HTTP_ROWS: readonly HttpRow[] = [
  { name: 'echo', question: 'echo', era: 'modern', tools: 2 },
  { name: 'echo', question: 'echo', era: 'legacy', tools: 2 },
  { name: '21 kB result', question: 'page', era: 'modern', tools: 2 },
  { name: '21 kB result', question: 'page', era: 'legacy', tools: 2 },
  { name: 'tools/list, 30 tools', question: 'list', era: 'modern', tools: 30 },
  { name: 'tools/list, 30 tools', question: 'list', era: 'legacy', tools: 30 },
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
  programs: string;
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  connections: number;
  tell: (line: string) => void;
}

interface Target<Name extends string = TargetName> {
  name: Name;
  child: ChildProcess;
  url: string;
  headers: Record<string, string>;
}

/** One row: every target is started and warmed up, then they take turns; the medians of the rounds count. */
export async function measureRow(row: HttpRow, plan: HttpPlan): Promise<HttpMeasurement> {
  const collector = await startCollector();
  const targets: Target[] = [];
  try {
    const fairway = await startFairway('fairway', plan.programs, row.tools, { collector: collector.url });
    targets.push(fairway);
    targets.push(await startTarget('sdk-v2', plan.programs, row));
    if (row.era === 'legacy') targets.push(await startTarget('sdk-v1', plan.programs, row));
    targets.push(await startTarget('floor', plan.programs, row, { BENCH_ANSWER: await answerOf(fairway, row) }));
    const results = await takeTurns(targets, row, plan);
    plan.tell(`${row.name}, ${row.era}: ${targets.map(({ name }) => `${name} ${Math.round(results[name]?.perSecond ?? 0)}/s`).join(', ')}`);
    return { ...row, results };
  } finally {
    for (const { child } of targets) child.kill('SIGKILL');
    collector.stop();
  }
}

export type Parts = Record<string, HttpResult>;

/** What the parts of an echo cost: the kit with more and with less of what is on. Empty where there is no file system in memory. */
export async function measureParts(plan: HttpPlan): Promise<Parts> {
  if (!fs.existsSync(MEMORY)) return {};
  const collector = await startCollector();
  const row: HttpRow = { name: 'echo', question: 'echo', era: 'modern', tools: 2 };
  const targets: Target<string>[] = [];
  const add = async (name: string, choice: FairwayChoice) => targets.push(await startFairway(name, plan.programs, row.tools, choice));
  try {
    await add('everything on, and a span of every call', { collector: collector.url, traceRatio: 1 });
    await add('everything on', { collector: collector.url });
    await add('the same, without metrics', {});
    await add('the same, with the audit trail in memory: nothing to flush', { stateRoot: MEMORY });
    const results = await takeTurns(targets, row, plan);
    plan.tell(`parts of an echo: ${targets.map(({ name }) => `${name} ${Math.round(results[name]?.perSecond ?? 0)}/s`).join(', ')}`);
    return results;
  } finally {
    for (const { child } of targets) child.kill('SIGKILL');
    collector.stop();
  }
}

/** How long the disk takes to flush a commit of 12 kB in a log that has its full size of 4 MB, in milliseconds. */
export function flushMs(): number {
  const file = path.join(workshop, 'flushed');
  const handle = fs.openSync(file, 'w');
  try {
    const bytes = Buffer.alloc(12 * 1024, 1);
    const places = Math.floor((4 * 1024 * 1024) / bytes.length);
    for (let place = 0; place < places; place += 1) fs.writeSync(handle, bytes);
    fs.fsyncSync(handle);
    const times = Array.from({ length: 400 }, (_, commit) => {
      fs.writeSync(handle, bytes, 0, bytes.length, (commit % places) * bytes.length);
      const started = performance.now();
      fs.fdatasyncSync(handle);
      return performance.now() - started;
    });
    return median(times);
  } finally {
    fs.closeSync(handle);
    fs.rmSync(file);
  }
}

async function takeTurns<Name extends string>(
  targets: readonly Target<Name>[],
  row: HttpRow,
  plan: HttpPlan,
): Promise<Record<Name, HttpResult>> {
  for (const target of targets) await load(target, row, plan, plan.warmUpSeconds);
  const rounds = new Map<Name, HttpResult[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < plan.rounds; round += 1) {
    // Every other round goes the other way, so that nobody is always the one after the slowest.
    for (const target of round % 2 === 0 ? targets : targets.toReversed())
      rounds.get(target.name)?.push(await measureOnce(target, row, plan));
  }
  return Object.fromEntries([...rounds].map(([name, all]) => [name, medians(all)])) as Record<Name, HttpResult>;
}

async function measureOnce(target: Target<string>, row: HttpRow, plan: HttpPlan): Promise<HttpResult> {
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

function load(
  { url, headers }: Target<string>,
  { question, era }: HttpRow,
  { programs, connections }: HttpPlan,
  seconds: number,
): Promise<Measured> {
  const { promise, resolve, reject } = Promise.withResolvers<Measured>();
  const child = start('client', path.join(programs, 'load.js'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('message', (measured) => resolve(measured as Measured));
  child.on('exit', (code) => reject(new Error(`The load generator ended with code ${code}.`)));
  const order: Load = { url, question: QUESTIONS[question], era, headers, connections, seconds };
  child.send(order);
  return promise;
}

/** A file system in memory. */
const MEMORY = '/dev/shm';

interface FairwayChoice {
  /** Where metrics are sent, where they are. */
  collector?: string;
  /** Which part of the calls has a span sent. Callers that trace have theirs in any case. */
  traceRatio?: number;
  stateRoot?: string;
}

/** With API keys, the audit trail, and limits. */
async function startFairway<Name extends string>(
  name: Name,
  programs: string,
  tools: number,
  { collector, traceRatio = 0, stateRoot = workshop }: FairwayChoice,
): Promise<Target<Name>> {
  const stateDir = fs.mkdtempSync(path.join(stateRoot, 'fairway-bench-'));
  const program = path.join(programs, 'fairway.js');
  const env = { BENCH_TOOLS: String(tools) };
  const state = ['--state-dir', stateDir];
  const making = start('server', program, {
    args: ['keys', 'create', '--name', 'bench', '--scopes', 'bench:read', ...state],
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const key = await saying(making, (line) => (line.startsWith('fwk_') ? line.trim() : undefined));
  // The rate limit is kept account of, and too high to be reached.
  const limits = ['--rate-limit', '1000000000', '--deadline-seconds', '55', '--otel-trace-ratio', String(traceRatio)];
  const child = start('server', program, {
    args: ['--http', '127.0.0.1:0', ...state, ...limits],
    env: { ...env, ...(collector !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: collector }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.on('exit', () => fs.rmSync(stateDir, { recursive: true, force: true }));
  return { name, child, url: await saying(child, addressIn), headers: { Authorization: `Bearer ${key}` } };
}

async function startTarget(name: TargetName, programs: string, { tools }: HttpRow, env: Record<string, string> = {}): Promise<Target> {
  const child = start('server', path.join(programs, `${name}.js`), {
    env: { BENCH_TOOLS: String(tools), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { name, child, url: await saying(child, addressIn), headers: {} };
}

function addressIn(line: string): string | undefined {
  return line.startsWith('{') ? (JSON.parse(line) as { url?: string }).url : undefined;
}

/** The very bytes that the kit answers, for the floor to send. */
async function answerOf({ url: text, headers }: Target, { question, era }: HttpRow): Promise<string> {
  const url = new URL(text);
  const asks = QUESTIONS[question];
  const connection = await Connection.open(url);
  const session = era === 'legacy' ? await openSession(connection, url, headers) : {};
  const response = await connection.ask(requestBytes(url, asks, era, { id: 1, headers: { ...headers, ...session } }));
  connection.close();
  return bodyOf(response).toString('utf8');
}

/** An OTLP collector that takes everything and keeps nothing. */
async function startCollector(): Promise<{ url: string; stop(): void }> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
