/**
 * `npm run bench`: measures the kit and the built servers side by side with others, prints the goals, and writes docs/performance.md.
 * Takes about ten minutes, and wants the machine for itself.
 *
 *   npm run bench -- --quick            short rounds; writes nothing
 *   npm run bench -- --only http        one part: http, stdio, servers
 *   npm run bench -- --only http --quick --row echo     one kind of request over HTTP
 *
 * What a server measures of itself is declared in its bench/benchmark.ts. Published servers to compare with come from the npm registry.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { ServerBenchmark } from '@fairway-mcp/testing/bench';
import { buildTargets, workFolder } from '@fairway-mcp/tests/bench/build';
import { measureFlush } from '@fairway-mcp/tests/bench/disk';
import { HTTP_ROWS, type HttpPlan, measureParts, measureRow } from '@fairway-mcp/tests/bench/http-rounds';
import type { Measurements } from '@fairway-mcp/tests/bench/measurements';
import { goalLines, performancePage } from '@fairway-mcp/tests/bench/page';
import { measureStarts, publishedPrograms, type StdioProgram } from '@fairway-mcp/tests/bench/stdio-start';
import { buildServers } from './lib/build/servers.ts';
import { run } from './lib/shell.ts';
import { command, say } from './lib/terminal.ts';
import { root, serverWorkspaces, type Workspace } from './lib/workspace.ts';

const PAGE = 'docs/performance.md';
const PARTS = ['http', 'stdio', 'servers'] as const;

/** A server that declares what is measured of it. */
interface MeasuredServer {
  name: string;
  program: string;
  workspace: Workspace;
  benchmark: ServerBenchmark;
}

command(async () => {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, row: { type: 'string' } },
  });
  const parts = PARTS.filter((part) => values.only === undefined || values.only === part);
  if (parts.length === 0) throw new Error(`There is no part "${values.only}". Parts: ${PARTS.join(', ')}.`);
  const servers = await findServers();
  const code = await buildServers(servers.map(({ workspace }) => workspace));
  if (code !== 0) return code;
  fs.mkdirSync(workFolder, { recursive: true });
  const all = await measure(servers, parts, { isQuick: values.quick, row: values.row });
  say();
  for (const line of goalLines(all)) say(line);
  if (values.quick || values.only !== undefined || values.row !== undefined) return 0;
  fs.writeFileSync(path.join(root, PAGE), performancePage(all));
  say(`\nWrote ${PAGE}.`);
  return 0;
});

async function findServers(): Promise<MeasuredServer[]> {
  const declared = serverWorkspaces().map((workspace) => ({ workspace, file: path.join(workspace.path, 'bench', 'benchmark.ts') }));
  return Promise.all(
    declared
      .filter(({ file }) => fs.existsSync(file))
      .map(async ({ workspace, file }) => {
        const { benchmark } = (await import(pathToFileURL(file).href)) as { benchmark: ServerBenchmark };
        return { name: workspace.name, program: path.join(workspace.path, 'dist', 'main.js'), workspace, benchmark };
      }),
  );
}

async function measure(
  servers: readonly MeasuredServer[],
  parts: readonly string[],
  { isQuick, row }: { isQuick: boolean; row: string | undefined },
): Promise<Measurements> {
  const programs = await buildTargets();
  const rounds = isQuick ? { rounds: 1, seconds: 2, warmUpSeconds: 1 } : { rounds: 3, seconds: 3, warmUpSeconds: 3 };
  const plan: HttpPlan = { programs, ...rounds, connections: 16, print: say };
  const stdioRounds = isQuick ? 5 : 15;
  const all: Measurements = { at: new Date(), plan, http: [], parts: {}, flushMs: measureFlush(), stdio: [], stdioRounds, servers: [] };
  if (parts.includes('http')) {
    const rows = HTTP_ROWS.filter(({ request }) => row === undefined || request === row);
    for (const selected of rows) all.http.push(await measureRow(selected, plan));
    all.parts = await measureParts(plan);
  }
  if (parts.includes('stdio')) all.stdio.push(...(await measureStarts(await stdioPrograms(programs, servers), stdioRounds, say)));
  if (parts.includes('servers')) for (const server of servers) all.servers.push(...(await measureServer(server, isQuick)));
  return all;
}

async function measureServer({ name, program, benchmark }: MeasuredServer, isQuick: boolean): Promise<Measurements['servers']> {
  if (benchmark.measure === undefined) return [];
  const folder = fs.mkdtempSync(path.join(workFolder, `${name}-`));
  try {
    return [{ name, report: await benchmark.measure({ program, folder, isQuick, print: say }) }];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function stdioPrograms(programs: string, servers: readonly MeasuredServer[]): Promise<StdioProgram[]> {
  const floor = { name: 'raw JSON loop (floor)', kind: 'floor' as const, program: path.join(programs, 'raw-stdio.js'), args: [] };
  const own = servers.map(({ name, program, benchmark }) => ({
    name,
    kind: 'own' as const,
    program,
    args: benchmark.startArgs,
    packages: 1,
  }));
  return [{ ...floor, packages: undefined }, ...own, ...(await publishedPrograms(install))];
}

async function install(folder: string, spec: string): Promise<void> {
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', spec];
  const { code, output } = await run('npm', args, { cwd: folder, output: 'capture' });
  if (code !== 0) throw new Error(`${spec} could not be installed: ${output}`);
}
