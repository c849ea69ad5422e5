/** What `npm run bench` measures of this server: scans of an emulated AWS, and the evaluation of a policy. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  type BenchmarkContext,
  type BenchmarkReport,
  formatMegabytes,
  formatRatio,
  formatWhole,
  markdownTable,
  type ServerBenchmark,
} from '@fairway-mcp/testing/bench';
import { measureScan, type ScanResult } from './scans.ts';

const SCAN_SIZES = [1_000, 10_000, 100_000] as const;

export const benchmark: ServerBenchmark = { startArgs: ['--sample'], measure };

async function measure(context: BenchmarkContext): Promise<BenchmarkReport> {
  const evaluation = await measureEvaluation();
  const scans: ScanResult[] = [];
  for (const size of SCAN_SIZES.slice(0, context.isQuick ? 2 : 3)) scans.push(await measureScan(size, context));
  const ratio = Number(/^ratio +([\d.]+)/m.exec(evaluation)?.[1]);
  return {
    goals: [{ what: 'evaluation of 100,000 resources, against JSON.parse', atMost: 2, measured: ratio }],
    sections: [scansSection(scans), evaluationSection(evaluation)],
  };
}

async function measureEvaluation(): Promise<string> {
  const program = path.join(import.meta.dirname, 'evaluation.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', program]);
  return stdout;
}

function scansSection(scans: readonly ScanResult[]): string {
  const rows = scans.map(({ resources, seconds, upstreamCalls, idleMb, peakMb, progress }) => [
    formatWhole(resources),
    `${seconds.toFixed(1)} s`,
    formatWhole(resources / seconds),
    formatWhole(upstreamCalls),
    formatMegabytes(idleMb),
    formatMegabytes(peakMb),
    formatWhole(progress),
  ]);
  return [
    '### Scans',
    '',
    'The built server scans an emulated AWS (5 accounts, the real AWS clients over loopback) and evaluates what it found, over stdio, until',
    'its answer is complete.',
    '',
    ...markdownTable(
      ['Resources', 'Time', 'Resources a second', 'Upstream calls', 'Memory before', 'Peak memory', 'Progress notifications'],
      rows,
    ),
    '',
    ...scans.slice(1).map((scan, index) => growth(scan, scans[index])),
  ].join('\n');
}

function growth(scan: ScanResult, before: ScanResult | undefined): string {
  const by = (pick: (result: ScanResult) => number | undefined) => formatRatio(pick(scan), before && pick(before));
  return `- ${by(({ resources }) => resources)} the resources took ${by(({ seconds }) => seconds)} the time, ${by(({ upstreamCalls }) => upstreamCalls)} the calls and ${by(({ peakMb }) => peakMb)} the peak memory.`;
}

function evaluationSection(evaluation: string): string {
  return [
    '### Evaluation',
    '',
    'Evaluating resources against a policy, compared with `JSON.parse` of the same data in the same process:',
    '',
    '```text',
    evaluation.trim(),
    '```',
  ].join('\n');
}
