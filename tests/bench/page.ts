import os from 'node:os';
import type { HttpMeasurement, HttpPlan, HttpResult, Parts, TargetName } from './http.ts';
import { pinning } from './processes.ts';
import type { ScanResult } from './scans.ts';
import type { StdioResult } from './stdio.ts';

export interface Measurements {
  at: Date;
  plan: Pick<HttpPlan, 'rounds' | 'seconds' | 'connections'>;
  http: HttpMeasurement[];
  /** The cost of an echo, part by part. */
  parts: Parts;
  /** How long the disk takes to flush a small commit, in milliseconds. */
  flushMs: number;
  /** The floor first, then the built server, then others'. */
  stdio: StdioResult[];
  stdioRounds: number;
  scans: ScanResult[];
  /** What `servers/tag-compliance/bench/evaluate.ts` printed. */
  evaluation: string;
}

const NAMES: Record<TargetName, string> = {
  fairway: 'Fairway, everything on',
  'sdk-v2': 'SDK v2, its own handler',
  'sdk-v1': 'SDK v1 with express',
  floor: 'bare `node:http`, same bytes',
};

/** The measurements as a page of Markdown. */
export function performancePage(all: Measurements): string {
  return `${[
    '# Performance',
    '',
    'Written by `npm run bench`, which measures everything below side by side in one run. Absolute figures hold for the machine that they were',
    'measured on; the ratios are the point.',
    '',
    `Measured on ${all.at.toISOString().slice(0, 10)} with Node ${process.versions.node} on ${machine()}; ${pinning}.`,
    '',
    '## What is asked, and what was measured',
    '',
    ...table(['What', 'Asked', 'Measured', ''], verdicts(all)),
    '',
    '## Streamable HTTP',
    '',
    `${all.plan.connections} keep-alive connections, medians of ${all.plan.rounds} alternating rounds of ${all.plan.seconds} s after a warm-up. Fairway runs with API keys, the audit trail`,
    'on disk before each answer leaves, rate and concurrency limits, and metrics to a collector. The others run as their documentation sets',
    'them up, without any of that.',
    ...all.http.flatMap(httpSection),
    '',
    ...partsSection(all),
    '## stdio',
    '',
    `From spawning the process to the answer of \`tools/list\`, medians of ${all.stdioRounds} alternating rounds after one that does not count.`,
    '',
    ...table(['Server', 'Start', 'Memory then', 'Tools', 'Packages installed'], all.stdio.map(stdioRow)),
    '',
    '## Scans',
    '',
    'The built tag-compliance server scans a stand-in for AWS (5 accounts, its own AWS clients over loopback) and evaluates what it saw, over',
    'stdio, until its answer is whole.',
    '',
    ...table(
      ['Resources', 'Time', 'Resources a second', 'Upstream calls', 'Memory at rest', 'Peak memory', 'Progress told'],
      all.scans.map(scanRow),
    ),
    '',
    ...growth(all.scans),
    '',
    '## Evaluation',
    '',
    'Evaluating resources against a policy, against `JSON.parse` of the same data in the same process:',
    '',
    '```text',
    all.evaluation.trim(),
    '```',
  ].join('\n')}\n`;
}

/** The figures that are asked for, as text for a terminal, as far as they were measured. */
export function verdictLines(all: Measurements): string[] {
  const rows = verdicts(all).filter((row) => row[2] !== UNMEASURED);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function verdicts(all: Measurements): string[][] {
  const of = (name: string) => all.http.filter((row) => row.name === name);
  const [floor, own, ...published] = all.stdio;
  const quickest = Math.min(...published.map(({ startMs }) => startMs));
  const evaluation = Number(/^ratio +([\d.]+)/m.exec(all.evaluation)?.[1]);
  return [
    ...of('echo').flatMap((row) => [
      atLeast(`echo over HTTP, ${row.era}, against SDK v2's handler`, 10, ratio(row, 'sdk-v2')),
      atLeast(`echo over HTTP, ${row.era}, against the bare floor`, 0.35, ratio(row, 'floor')),
      atMost(
        `p99 of echo, ${row.era}, against the floor's`,
        4,
        ratio(row, 'floor', ({ p99Ms }) => p99Ms),
      ),
      atMost(
        `memory under load, ${row.era}, against SDK v2's handler`,
        0.5,
        ratio(row, 'sdk-v2', ({ rssMb }) => rssMb),
      ),
    ]),
    ...of('21 kB result').map((row) => atLeast(`21 kB result, ${row.era}, against SDK v2's handler`, 3, ratio(row, 'sdk-v2'))),
    ...of('tools/list, 30 tools').map((row) =>
      atLeast(`tools/list of 30 tools, ${row.era}, against SDK v2's handler`, 30, ratio(row, 'sdk-v2')),
    ),
    atMost('stdio spawn to tools/list, against the raw floor', 3.3, quotient(own?.startMs, floor?.startMs)),
    atMost('stdio spawn to tools/list, against the quickest published server', 1, quotient(own?.startMs, quickest)),
    atMost('evaluation of 100,000 resources, against JSON.parse', 2, evaluation),
  ];
}

function ratio(row: HttpMeasurement, other: TargetName, pick: (result: HttpResult) => number | undefined = ({ perSecond }) => perSecond) {
  const [mine, theirs] = [row.results.fairway, row.results[other]];
  return quotient(mine && pick(mine), theirs && pick(theirs));
}

function quotient(one: number | undefined, other: number | undefined): number {
  return one === undefined || other === undefined ? Number.NaN : one / other;
}

function atLeast(what: string, asked: number, measured: number): string[] {
  return [what, `at least ${asked}x`, times(measured), measured >= asked ? 'met' : 'missed'];
}

function atMost(what: string, asked: number, measured: number): string[] {
  return [what, `at most ${asked}x`, times(measured), measured <= asked ? 'met' : 'missed'];
}

const UNMEASURED = 'not measured here';

function times(value: number): string {
  return Number.isNaN(value) ? UNMEASURED : `${value.toFixed(value < 10 ? 2 : 1)}x`;
}

function httpSection({ name, era, results }: HttpMeasurement): string[] {
  const names = Object.keys(results) as TargetName[];
  const rows = names.flatMap((target) => {
    const result = results[target];
    return result === undefined ? [] : [[NAMES[target], ...httpCells(result, results.fairway)]];
  });
  return [
    '',
    `### ${name}, ${era === 'modern' ? '2026-07-28' : '2025-11-25'}`,
    '',
    ...table(['Server', 'Calls a second', 'Fairway against it', 'p50', 'p99', 'Processor a call', 'Memory'], rows),
  ];
}

function httpCells({ perSecond, p50Ms, p99Ms, cpuMicros, rssMb }: HttpResult, fairway: HttpResult | undefined): string[] {
  return [
    whole(perSecond),
    times(quotient(fairway?.perSecond, perSecond)),
    `${p50Ms.toFixed(2)} ms`,
    `${p99Ms.toFixed(2)} ms`,
    cpuMicros === undefined ? '–' : `${cpuMicros.toFixed(0)} µs`,
    megabytes(rssMb),
  ];
}

/** Why the figures are what they are: the same echo with more and with less to do. */
function partsSection({ parts, flushMs, plan, http }: Measurements): string[] {
  const rows = Object.entries(parts).map(([name, { perSecond, p99Ms, cpuMicros, rssMb }]) => [
    name,
    whole(perSecond),
    `${p99Ms.toFixed(2)} ms`,
    cpuMicros === undefined ? '–' : `${cpuMicros.toFixed(0)} µs`,
    cpuMicros === undefined ? '–' : `${Math.round((cpuMicros * perSecond) / 1e4)} %`,
    megabytes(rssMb),
  ]);
  if (rows.length === 0) return [];
  const floor = http.find(({ name, era }) => name === 'echo' && era === 'modern')?.results.floor;
  return [
    '### Where the time of an echo goes',
    '',
    'The same load, 2026-07-28, with more and with less to do. No answer leaves before the row of its call is durable, and to flush a commit of',
    `12 kB takes this disk ${flushMs.toFixed(2)} ms (the median, with nothing else going on): ${plan.connections} callers who wait for their answers give it a few flushes at a time, and`,
    'each of them takes processor time too. What an answer costs without is in the last row.',
    ...(floor?.cpuMicros === undefined
      ? []
      : [`Of the processor time of a call, the floor's ${floor.cpuMicros.toFixed(0)} µs are what \`node:http\` itself takes.`]),
    '',
    ...table(['Fairway with', 'Calls a second', 'p99', 'Processor a call', 'of one core', 'Memory'], rows),
    '',
  ];
}

function stdioRow({ name, startMs, rssMb, tools, packages }: StdioResult): string[] {
  return [name, `${startMs.toFixed(0)} ms`, megabytes(rssMb), String(tools), packages === undefined ? '' : String(packages)];
}

function scanRow({ resources, seconds, upstreamCalls, restingMb, peakMb, progress }: ScanResult): string[] {
  return [
    whole(resources),
    `${seconds.toFixed(1)} s`,
    whole(resources / seconds),
    whole(upstreamCalls),
    megabytes(restingMb),
    megabytes(peakMb),
    `${progress} times`,
  ];
}

/** How time, memory and calls grow with the number of resources, from each size to the next. */
function growth(scans: readonly ScanResult[]): string[] {
  return scans.slice(1).map((scan, index) => {
    const before = scans[index];
    const by = (pick: (result: ScanResult) => number | undefined) => times(quotient(pick(scan), before && pick(before)));
    return `- ${by(({ resources }) => resources)} the resources took ${by(({ seconds }) => seconds)} the time, ${by(({ upstreamCalls }) => upstreamCalls)} the calls and ${by(({ peakMb }) => peakMb)} the peak memory.`;
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function machine(): string {
  const [cpu] = os.cpus();
  return `${os.cpus().length} cores of ${cpu?.model.trim() ?? 'an unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function megabytes(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(0)} MB`;
}
