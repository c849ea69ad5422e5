/**
 * `npm run coverage [WORKSPACE...]`: which part of the lines in the `src/` of each package and server the quick tests run; fails where it is
 * under 80 %. A line counts when a statement begins on it, and as covered when one ran in the quick tests of any of the workspaces, or in a
 * program that these start from source. Not counted: bundled programs, processes that were killed, and slow tests.
 *
 *   npm run coverage -- kit --files   of the kit and with its own tests only, each file
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { countLines, type LineCounts } from './lib/coverage/lines.ts';
import { measureTests, type TestRun } from './lib/coverage/measure.ts';
import { run } from './lib/shell.ts';
import { command, indent, plural, say } from './lib/terminal.ts';
import { allWorkspaces, type Workspace, workspacesNamed } from './lib/workspace.ts';

const MIN_PERCENT = 80;
const MEASURED = /^(?:packages|servers|clients)\//;

command(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { files: { type: 'boolean', default: false } } });
  const measurable = allWorkspaces().filter(({ folder, manifest }) => MEASURED.test(folder) && manifest.scripts?.test !== undefined);
  const workspaces = positionals.length > 0 ? workspacesNamed(positionals, measurable) : measurable;
  const built = await run('turbo', ['run', 'build', '--output-logs=errors-only'], { output: 'capture' });
  if (built.code !== 0) throw new Error(`The servers could not be built:\n${built.output}`);
  const runs = new Map<Workspace, TestRun>();
  for (const workspace of workspaces) {
    say(`Testing ${workspace.folder}`);
    runs.set(workspace, await measureTests(workspace));
  }
  say();
  const failed = workspaces.filter((workspace) => !report(workspace, runs, values.files)).length;
  say(
    `\nCovered: a statement on the line ran in the quick tests of ${plural(runs.size, 'workspace')}, or in a program started from source.`,
  );
  say(`${workspaces.length - failed} passed, ${failed} failed (at least ${MIN_PERCENT} % each)`);
  return failed === 0 ? 0 : 1;
});

/** @returns Whether the workspace's tests passed and enough of its lines ran. */
function report(workspace: Workspace, runs: ReadonlyMap<Workspace, TestRun>, showFiles: boolean): boolean {
  const own = runs.get(workspace);
  const files = sourceFiles(workspace);
  const counts = sum(files.map((file) => countIn(file, [...runs.values()])));
  const ownCounts = sum(files.map((file) => countIn(file, own === undefined ? [] : [own])));
  const isGood = percentOf(counts) >= MIN_PERCENT && own?.failure === undefined;
  const byOwn = ownCounts.covered === counts.covered ? '' : `, ${percentOf(ownCounts).toFixed(1)} % by its own tests`;
  say(`${isGood ? '✓' : '✗'} ${workspace.folder}: ${figures(counts)}${byOwn}`);
  if (own?.failure !== undefined) say(`Its tests failed:\n${indent(own.failure)}`);
  if (showFiles) for (const file of files) say(`    ${path.relative(workspace.path, file)}: ${figures(countIn(file, [...runs.values()]))}`);
  return isGood;
}

function sourceFiles({ path: folder }: Workspace): string[] {
  return fs.globSync('src/**/*.ts', { cwd: folder }).map((file) => path.join(folder, file));
}

function countIn(file: string, runs: readonly TestRun[]): LineCounts {
  return countLines(runs.flatMap(({ files }) => files.get(file) ?? []));
}

function sum(counts: readonly LineCounts[]): LineCounts {
  return {
    covered: counts.reduce((total, { covered }) => total + covered, 0),
    total: counts.reduce((all, { total }) => all + total, 0),
  };
}

function percentOf({ covered, total }: LineCounts): number {
  return total === 0 ? 100 : (covered / total) * 100;
}

function figures(counts: LineCounts): string {
  return `${percentOf(counts).toFixed(1)} % of ${plural(counts.total, 'line')}`;
}
