/** What `npm run bench` measures of this server. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  type BenchmarkContext,
  type BenchmarkReport,
  formatRatio,
  formatWhole,
  markdownTable,
  type ServerBenchmark,
} from '@fairway-mcp/testing/bench';
import { measureFocus } from './focus.ts';

const LINES = [100_000, 1_000_000] as const;

export const benchmark: ServerBenchmark = { startArgs: ['--sample'], measure };

async function measure(context: BenchmarkContext): Promise<BenchmarkReport> {
  const { print } = context;
  const explained: { lines: number; seconds: number }[] = [];
  for (const lines of LINES) {
    explained.push({ lines, seconds: await measureExplanation(lines) });
    print(`${formatWhole(lines)} lines explained in ${explained.at(-1)?.seconds} s`);
  }
  const focus = await measureFocus(context);
  return {
    goals: [
      ...focus.goals,
      {
        what: 'explaining a change over 1,000,000 lines, against one second',
        atMost: 1,
        measured: explained.at(-1)?.seconds ?? Number.NaN,
      },
    ],
    sections: [...focus.sections, explanationSection(explained)],
  };
}

async function measureExplanation(lines: number): Promise<number> {
  const program = path.join(import.meta.dirname, 'explanation.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', program, String(lines)]);
  return Number(stdout);
}

function explanationSection(explained: readonly { lines: number; seconds: number }[]): string {
  const [few, many] = explained;
  return [
    '### Explaining a change',
    '',
    'A change between two periods is taken apart into price, volume, mix, new, gone and so on, by five dimensions at once, each part exact. Half of the',
    'lines are in each period.',
    '',
    ...markdownTable(
      ['Lines', 'Time'],
      explained.map(({ lines, seconds }) => [formatWhole(lines), `${seconds.toFixed(2)} s`]),
    ),
    '',
    `- ${formatRatio(many?.lines, few?.lines)} the lines took ${formatRatio(many?.seconds, few?.seconds)} the time.`,
  ].join('\n');
}
