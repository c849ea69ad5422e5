import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { median, StdioClient, startProgram, usageOf } from '@fairway-mcp/testing/bench';
import { workFolder } from './build.ts';

export interface StdioProgram {
  name: string;
  kind: 'floor' | 'own' | 'published';
  program: string;
  args: readonly string[];
  /** Packages in its `node_modules`, for a program from the npm registry. */
  packages: number | undefined;
}

export interface StdioResult extends Pick<StdioProgram, 'name' | 'kind' | 'packages'> {
  /** From spawning the process to the answer of `tools/list`. */
  startMs: number;
  rssMb: number | undefined;
  tools: number;
}

/** Published servers to compare with, in the versions that are measured. */
const PUBLISHED = [
  { name: '@modelcontextprotocol/server-memory', version: '2026.8.31', args: [] },
  { name: '@modelcontextprotocol/server-filesystem', version: '2026.8.31', args: ['/'] },
  { name: '@upstash/context7-mcp', version: '4.1.1', args: [] },
  { name: '@playwright/mcp', version: '0.0.83', args: [] },
] as const;

export type Install = (folder: string, spec: string) => Promise<void>;

/** Installs the published servers from the npm registry, each into a folder of its own. */
export async function publishedPrograms(install: Install): Promise<StdioProgram[]> {
  return Promise.all(
    PUBLISHED.map(async ({ name, version, args }) => {
      const folder = path.join(workFolder, 'published', name.replaceAll(/[@/]+/g, '-'));
      const installed = path.join(folder, 'node_modules', name, 'package.json');
      if (!fs.existsSync(installed) || JSON.parse(fs.readFileSync(installed, 'utf8')).version !== version) {
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
        await install(folder, `${name}@${version}`);
      }
      const { bin } = JSON.parse(fs.readFileSync(installed, 'utf8')) as { bin: string | Record<string, string> };
      const file = typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? '');
      const program = path.join(path.dirname(installed), file);
      return { name: `${name} ${version}`, kind: 'published' as const, program, args, packages: countPackages(folder) };
    }),
  );
}

function countPackages(folder: string): number {
  const lock = JSON.parse(fs.readFileSync(path.join(folder, 'node_modules', '.package-lock.json'), 'utf8')) as { packages: object };
  return Object.keys(lock.packages).length;
}

/** Starts every program once a round, one after the other. The first round fills the disk and compile caches and does not count. */
export async function measureStarts(
  programs: readonly StdioProgram[],
  rounds: number,
  print: (line: string) => void,
): Promise<StdioResult[]> {
  const home = fs.mkdtempSync(path.join(workFolder, 'home-'));
  const runs = new Map<StdioProgram, Awaited<ReturnType<typeof startOnce>>[]>(programs.map((program) => [program, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [program, results] of runs) {
      // The compile cache is written two seconds after a start, so the first start lasts longer.
      const result = await startOnce(program, home, round === 0 ? 3000 : 0);
      if (round > 0) results.push(result);
    }
  }
  fs.rmSync(home, { recursive: true, force: true });
  return [...runs].map(([{ name, kind, packages }, results]) => {
    const memory = results.map(({ rssMb }) => rssMb).filter((value) => value !== undefined);
    const startMs = median(results.map((result) => result.startMs));
    print(`${name}: ${startMs.toFixed(0)} ms to tools/list`);
    return { name, kind, packages, startMs, rssMb: memory.length === 0 ? undefined : median(memory), tools: results[0]?.tools ?? 0 };
  });
}

async function startOnce({ name, program, args }: StdioProgram, home: string, lingerMs: number) {
  const started = performance.now();
  const child = startProgram('server', program, {
    args,
    env: { HOME: home, XDG_STATE_HOME: home, BENCH_TOOLS: '14' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    const client = new StdioClient(child);
    await client.initialize();
    const { tools } = (await client.request('tools/list')) as { tools: object[] };
    const startMs = performance.now() - started;
    const rssMb = usageOf(child.pid)?.rssMb;
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
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
