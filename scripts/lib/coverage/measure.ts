import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../shell.ts';
import { readJson, root, type Workspace } from '../workspace.ts';
import { CHILD_REPORTS, VITEST_REPORT } from './config.ts';
import { type FileCoverage, type Lines, linesOf, type ScriptCoverage } from './lines.ts';

/** What the quick tests of one workspace ran. */
export interface TestRun {
  /** The lines of each source file that was loaded, of this workspace and of those that it uses, by absolute path. */
  files: ReadonlyMap<string, Lines>;
  /** How many child processes have reported what they ran. */
  processes: number;
  /** The output of vitest, when a test failed. */
  failure: string | undefined;
}

/** Runs the quick tests of a workspace and finds the lines that ran. */
export async function measureTests(workspace: Workspace): Promise<TestRun> {
  const childReports = path.join(workspace.path, CHILD_REPORTS);
  fs.rmSync(path.dirname(childReports), { recursive: true, force: true });
  const config = path.join(root, 'vitest-coverage.shared.ts');
  const { code, output } = await run('vitest', ['run', '--config', config], { cwd: workspace.path, output: 'capture' });
  const failure = code === 0 ? undefined : output;
  const file = path.join(workspace.path, VITEST_REPORT);
  if (!fs.existsSync(file)) return { files: new Map(), processes: 0, failure: failure ?? output };
  const report = readJson<Record<string, FileCoverage>>(file);
  const { scripts, processes } = readChildReports(childReports, new Set(Object.keys(report)));
  const files = Object.values(report).map(
    (each) => [each.path, linesOf(each, fs.readFileSync(each.path, 'utf8'), scripts.get(each.path) ?? [])] as const,
  );
  fs.rmSync(childReports, { recursive: true, force: true });
  return { files: new Map(files), processes, failure };
}

/** The reports that child processes have left of the wanted files, by file. */
function readChildReports(folder: string, wanted: ReadonlySet<string>): { scripts: Map<string, ScriptCoverage[]>; processes: number } {
  const scripts = new Map<string, ScriptCoverage[]>();
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  for (const name of names) {
    const { result } = readJson<{ result: ScriptCoverage[] }>(path.join(folder, name));
    for (const script of result) {
      const file = script.url.startsWith('file:') ? fileURLToPath(script.url) : '';
      if (wanted.has(file)) scripts.set(file, [...(scripts.get(file) ?? []), script]);
    }
  }
  return { scripts, processes: names.length };
}
