import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../shell.ts';
import { readJson, root, type Workspace } from '../workspace.ts';
import { CHILD_REPORTS, VITEST_REPORT } from './config.ts';
import { countLines, type FileCoverage, type LineCounts, type ScriptCoverage } from './lines.ts';

export interface WorkspaceCoverage extends LineCounts {
  /** Of each source file, from the workspace's folder. */
  files: readonly ({ file: string } & LineCounts)[];
  /** How many child processes have reported what they ran. */
  processes: number;
}

/** Runs the quick tests of a workspace and counts the lines of its `src/` that ran. `failure` is what vitest printed when a test failed. */
export async function measureCoverage(workspace: Workspace): Promise<WorkspaceCoverage | { failure: string }> {
  const childReports = path.join(workspace.path, CHILD_REPORTS);
  fs.rmSync(path.dirname(childReports), { recursive: true, force: true });
  const config = path.join(root, 'vitest-coverage.shared.ts');
  const { code, output } = await run('vitest', ['run', '--config', config], { cwd: workspace.path, output: 'capture' });
  if (code !== 0) return { failure: output };
  const report = readJson<Record<string, FileCoverage>>(path.join(workspace.path, VITEST_REPORT));
  const { scripts, processes } = readChildReports(childReports, new Set(Object.keys(report)));
  const files = Object.values(report).map((file) => ({
    file: path.relative(workspace.path, file.path),
    ...countLines(file, fs.readFileSync(file.path, 'utf8'), scripts.get(file.path) ?? []),
  }));
  fs.rmSync(childReports, { recursive: true, force: true });
  return {
    files,
    processes,
    covered: files.reduce((sum, { covered }) => sum + covered, 0),
    total: files.reduce((sum, { total }) => sum + total, 0),
  };
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
