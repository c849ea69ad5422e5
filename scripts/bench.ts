/**
 * `npm run bench`: measures the kit and the built server side by side with others, prints the ratios, and writes docs/performance.md.
 * Takes some ten minutes, and wants the machine for itself.
 *
 *   npm run bench -- --quick          a look in two minutes; writes nothing
 *   npm run bench -- --only http      one part: http, stdio, scans
 *
 * The published servers that it compares with are fetched from the npm registry.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildTargets, workshop } from '../tests/bench/build.ts';
import { flushMs, HTTP_ROWS, type HttpPlan, measureParts, measureRow } from '../tests/bench/http.ts';
import { type Measurements, performancePage, verdictLines } from '../tests/bench/page.ts';
import { measureScan, SCAN_SIZES } from '../tests/bench/scans.ts';
import { measureStarts, publishedPrograms, type StdioProgram } from '../tests/bench/stdio.ts';
import { run } from './lib/shell.ts';
import { command, say } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

const PAGE = 'docs/performance.md';
const SERVER = 'servers/tag-compliance';
const PARTS = ['http', 'stdio', 'scans'] as const;

command(async () => {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const parts = PARTS.filter((part) => values.only === undefined || values.only === part);
  if (parts.length === 0) throw new Error(`There is no part "${values.only}". Parts: ${PARTS.join(', ')}.`);
  const build = await run('turbo', ['run', 'build', `--filter=./${SERVER}`, '--output-logs=errors-only'], { output: 'show' });
  if (build.code !== 0) return build.code;
  fs.mkdirSync(workshop, { recursive: true });
  const programs = await buildTargets();
  const all = await measure(programs, parts, values.quick);
  say();
  for (const line of verdictLines(all)) say(line);
  if (values.quick || parts.length < PARTS.length) return 0;
  fs.writeFileSync(path.join(root, PAGE), performancePage(all));
  say(`\nWrote ${PAGE}.`);
  return 0;
});

async function measure(programs: string, parts: readonly string[], quick: boolean): Promise<Measurements> {
  const built = path.join(root, SERVER, 'dist', 'main.js');
  const plan: HttpPlan = quick
    ? { programs, rounds: 1, seconds: 2, warmUpSeconds: 1, connections: 16, tell: say }
    : { programs, rounds: 3, seconds: 4, warmUpSeconds: 3, connections: 16, tell: say };
  const stdioRounds = quick ? 5 : 15;
  const all: Measurements = {
    at: new Date(),
    plan,
    http: [],
    parts: {},
    flushMs: flushMs(),
    stdio: [],
    stdioRounds,
    scans: [],
    evaluation: await evaluation(),
  };
  if (parts.includes('http')) {
    for (const row of HTTP_ROWS) all.http.push(await measureRow(row, plan));
    all.parts = await measureParts(plan);
  }
  if (parts.includes('stdio')) all.stdio.push(...(await measureStarts(await stdioPrograms(programs, built), stdioRounds, say)));
  if (parts.includes('scans'))
    for (const size of SCAN_SIZES.slice(0, quick ? 2 : 3)) all.scans.push(await measureScan(size, programs, built, say));
  return all;
}

async function stdioPrograms(programs: string, built: string): Promise<StdioProgram[]> {
  return [
    { name: 'raw JSON loop (floor)', program: path.join(programs, 'raw-stdio.js'), args: [], packages: undefined },
    { name: 'tag-compliance, built', program: built, args: ['--sample'], packages: 1 },
    ...(await publishedPrograms(async (folder, spec) => {
      const { code, output } = await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', spec], {
        cwd: folder,
        output: 'capture',
      });
      if (code !== 0) throw new Error(`${spec} could not be fetched: ${output}`);
    })),
  ];
}

async function evaluation(): Promise<string> {
  const { code, output } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', `${SERVER}/bench/evaluate.ts`], {
    output: 'capture',
  });
  if (code !== 0) throw new Error(`The evaluation could not be measured: ${output}`);
  return output;
}
