import os from 'node:os';
import { formatMegabytes, formatRatio, formatWhole, markdownTable, pinning } from '@fairway-mcp/testing/bench';
import { goalCells, goalsOf } from './goals.ts';
import { eraOf, type HttpMeasurement, type HttpResult } from './http-rounds.ts';
import type { TargetName } from './http-targets.ts';
import type { Measurements } from './measurements.ts';
import type { StdioResult } from './stdio-start.ts';

const NAMES: Record<TargetName, string> = {
  fairway: 'Fairway, everything on',
  'sdk-v2': 'SDK v2, its own handler',
  'sdk-v1': 'SDK v1 with express',
  'mcp-lite': 'mcp-lite',
  tmcp: 'tmcp',
  floor: 'floor: bare `node:http`, same bytes',
};

/** The measurements as a page of Markdown. */
export function performancePage(all: Measurements): string {
  const { plan, servers } = all;
  return `${[
    '# Performance',
    '',
    'Written by `npm run bench`, which measures everything below side by side in one run. Absolute figures hold for the machine that they were',
    'measured on; the ratios are the point. Goals are stated against the floor and the quickest peer, because the ratio to the SDK depends on',
    'the machine.',
    '',
    `Measured on ${all.at.toISOString().slice(0, 10)} with Node ${process.versions.node} on ${machine()}; ${pinning}.`,
    '',
    '## Goals',
    '',
    ...markdownTable(
      ['What', 'Asked', 'Measured', ''],
      goalsOf(all).flatMap((goal) => [goalCells(goal) ?? []]),
    ),
    '',
    '## Streamable HTTP',
    '',
    `${plan.connections} keep-alive connections, medians of ${plan.rounds} alternating rounds of ${plan.seconds} s after a warm-up. Fairway authenticates API keys, checks rate and`,
    'concurrency limits, commits the audit row of a call before it answers, and sends metrics to a collector. The others are set up as their',
    'documentation shows, without any of that. mcp-lite and tmcp need a web-standard server and have `@hono/node-server`, the quickest that we',
    'found for them. A library that does not speak the protocol version of a table is measured with the newest version that it speaks.',
    ...all.http.flatMap(httpSection),
    '',
    ...partsSection(all),
    '## Start over stdio',
    '',
    `From spawning the process to the answer of \`tools/list\`, medians of ${all.stdioRounds} alternating rounds after a first one that does not count.`,
    '',
    ...markdownTable(['Server', 'Start', 'Memory', 'Tools', 'Packages installed'], all.stdio.map(stdioRow)),
    ...servers.flatMap(({ name, report }) => ['', `## ${name}`, '', report.sections.join('\n\n')]),
  ].join('\n')}\n`;
}

/** The goals that were measured, as lines for a terminal. */
export function goalLines(all: Measurements): string[] {
  const rows = goalsOf(all).flatMap((goal) => [goalCells(goal)].filter((cells) => cells !== undefined));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function httpSection(row: HttpMeasurement): string[] {
  const { name, era, results } = row;
  const rows = (Object.keys(results) as TargetName[]).flatMap((target) => {
    const result = results[target];
    const note = eraOf(target, row) === era ? '' : ', older protocol';
    return result === undefined ? [] : [[`${NAMES[target]}${note}`, ...httpCells(result, results.fairway)]];
  });
  return [
    '',
    `### ${name}, ${era === 'modern' ? '2026-07-28' : '2025-11-25'}`,
    '',
    ...markdownTable(['Server', 'Calls a second', 'Fairway against it', 'p50', 'p99', 'Processor time a call', 'Memory'], rows),
  ];
}

function httpCells({ perSecond, p50Ms, p99Ms, cpuMicros, rssMb }: HttpResult, fairway: HttpResult | undefined): string[] {
  return [
    formatWhole(perSecond),
    formatRatio(fairway?.perSecond, perSecond),
    `${p50Ms.toFixed(2)} ms`,
    `${p99Ms.toFixed(2)} ms`,
    cpuMicros === undefined ? '–' : `${cpuMicros.toFixed(0)} µs`,
    formatMegabytes(rssMb),
  ];
}

/** The same echo with more and with less enabled, which explains the figures above. */
function partsSection({ parts, flushMs, http }: Measurements): string[] {
  const rows = Object.entries(parts).map(([name, { perSecond, p99Ms, cpuMicros, rssMb }]) => [
    name,
    formatWhole(perSecond),
    `${p99Ms.toFixed(2)} ms`,
    cpuMicros === undefined ? '–' : `${cpuMicros.toFixed(0)} µs`,
    cpuMicros === undefined ? '–' : `${Math.round((cpuMicros * perSecond) / 1e4)} %`,
    formatMegabytes(rssMb),
  ]);
  if (rows.length === 0) return [];
  const floor = http.find(({ name, era }) => name === 'echo' && era === 'modern')?.results.floor?.cpuMicros;
  return [
    '### What the parts of an echo cost',
    '',
    `The same load, 2026-07-28, with more and with less enabled. Flushing a commit of 12 kB takes this disk ${flushMs.toFixed(2)} ms (the median, idle).`,
    ...(floor === undefined ? [] : [`\`node:http\` itself takes the ${floor.toFixed(0)} µs of the floor.`]),
    '',
    ...markdownTable(['Fairway with', 'Calls a second', 'p99', 'Processor time a call', 'Of one core', 'Memory'], rows),
    '',
  ];
}

function stdioRow({ name, kind, startMs, rssMb, tools, packages }: StdioResult): string[] {
  const shown = kind === 'own' ? `${name}, built` : name;
  return [shown, `${startMs.toFixed(0)} ms`, formatMegabytes(rssMb), String(tools), packages === undefined ? '' : String(packages)];
}

function machine(): string {
  const [cpu] = os.cpus();
  return `${os.cpus().length} cores of ${cpu?.model.trim() ?? 'an unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()}`;
}
