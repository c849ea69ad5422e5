import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { workshop } from './build.ts';
import { Pipe } from './pipe.ts';
import { median, start, usageOf } from './processes.ts';

export interface StdioProgram {
  name: string;
  program: string;
  args: readonly string[];
  /** Packages in its `node_modules`, for what came from the registry. */
  packages: number | undefined;
}

export interface StdioResult {
  name: string;
  /** From spawning the process to the answer of `tools/list`. */
  startMs: number;
  rssMb: number | undefined;
  tools: number;
  packages: number | undefined;
}

/** Published servers to hold against, in the versions that are measured. They are fetched from the npm registry into the workshop. */
const PUBLISHED = [
  { name: '@modelcontextprotocol/server-memory', version: '2026.8.31', args: [] },
  { name: '@modelcontextprotocol/server-filesystem', version: '2026.8.31', args: ['/'] },
  { name: '@upstash/context7-mcp', version: '4.1.1', args: [] },
  { name: '@playwright/mcp', version: '0.0.83', args: [] },
] as const;

export type Install = (folder: string, spec: string) => Promise<void>;

/** Installs the published servers, each into a folder of its own, as a person would. */
export async function publishedPrograms(install: Install): Promise<StdioProgram[]> {
  return Promise.all(
    PUBLISHED.map(async ({ name, version, args }) => {
      const folder = path.join(workshop, 'published', name.replaceAll(/[@/]+/g, '-'));
      const installed = path.join(folder, 'node_modules', name, 'package.json');
      if (!fs.existsSync(installed) || JSON.parse(fs.readFileSync(installed, 'utf8')).version !== version) {
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
        await install(folder, `${name}@${version}`);
      }
      const { bin } = JSON.parse(fs.readFileSync(installed, 'utf8')) as { bin: string | Record<string, string> };
      const file = typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? '');
      return { name: `${name} ${version}`, program: path.join(path.dirname(installed), file), args, packages: countPackages(folder) };
    }),
  );
}

function countPackages(folder: string): number {
  const lock = JSON.parse(fs.readFileSync(path.join(folder, 'node_modules', '.package-lock.json'), 'utf8')) as { packages: object };
  return Object.keys(lock.packages).length;
}

/** Starts every program as often as there are rounds, in turns; the first round warms up the disk and compile caches and does not count. */
export async function measureStarts(
  programs: readonly StdioProgram[],
  rounds: number,
  tell: (line: string) => void,
): Promise<StdioResult[]> {
  const home = fs.mkdtempSync(path.join(workshop, 'home-'));
  const runs = new Map<StdioProgram, Awaited<ReturnType<typeof startOnce>>[]>(programs.map((program) => [program, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [program, results] of runs) {
      // The compile cache is written two seconds after a start: the first one may take that long to end.
      const result = await startOnce(program, home, round === 0 ? 3000 : 0);
      if (round > 0) results.push(result);
    }
  }
  fs.rmSync(home, { recursive: true, force: true });
  return [...runs].map(([{ name, packages }, results]) => {
    const memory = results.map(({ rssMb }) => rssMb).filter((value) => value !== undefined);
    const result = {
      name,
      packages,
      startMs: median(results.map(({ startMs }) => startMs)),
      rssMb: memory.length === 0 ? undefined : median(memory),
      tools: results[0]?.tools ?? 0,
    };
    tell(`${name}: ${result.startMs.toFixed(0)} ms to tools/list`);
    return result;
  });
}

async function startOnce({ name, program, args }: StdioProgram, home: string, linger: number) {
  const started = performance.now();
  const child = start('server', program, {
    args,
    env: { HOME: home, XDG_STATE_HOME: home, BENCH_TOOLS: '14' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    const pipe = new Pipe(child);
    await pipe.initialize();
    const { tools } = (await pipe.request('tools/list')) as { tools: object[] };
    const startMs = performance.now() - started;
    const rssMb = usageOf(child.pid)?.rssMb;
    if (linger > 0) await new Promise((resolve) => setTimeout(resolve, linger));
    return { startMs, rssMb, tools: tools.length };
  } catch (error) {
    throw new Error(`${name} did not list its tools: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    child.stdin?.end();
    const killer = setTimeout(() => child.kill('SIGKILL'), 2000);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    clearTimeout(killer);
  }
}
