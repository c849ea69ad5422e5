/**
 * `npm run coverage [WORKSPACE...]`: which part of the lines in each package's and server's `src/` its own quick tests run, and fails where
 * it is under 80 %. Counted is every line on which a statement begins, when one ran in the tests or in a program that they started from
 * source. Not counted: what runs only in bundled programs, in processes that were killed, and in the tests of other workspaces.
 *
 *   npm run coverage -- kit --files   of the kit, each file
 */
import { parseArgs } from 'node:util';
import { measureCoverage, type WorkspaceCoverage } from './lib/coverage/measure.ts';
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
  let failed = 0;
  for (const workspace of workspaces) if (!(await report(workspace, values.files))) failed += 1;
  say('\nLines of src/ on which a statement ran in the quick tests of the same workspace, or in the programs that they start from source.');
  say(`${workspaces.length - failed} passed, ${failed} failed (at least ${MIN_PERCENT} % each)`);
  return failed === 0 ? 0 : 1;
});

/** @returns Whether the tests passed and ran enough of the lines. */
async function report(workspace: Workspace, showFiles: boolean): Promise<boolean> {
  const coverage = await measureCoverage(workspace);
  if ('failure' in coverage) {
    say(`✗ ${workspace.folder}: its tests failed:\n${indent(coverage.failure)}`);
    return false;
  }
  const isEnough = percentOf(coverage) >= MIN_PERCENT;
  say(`${isEnough ? '✓' : '✗'} ${workspace.folder}: ${figures(coverage)}${processes(coverage)}`);
  if (showFiles) for (const line of fileLines(coverage)) say(line);
  return isEnough;
}

function fileLines({ files }: WorkspaceCoverage): string[] {
  return files.toSorted((one, other) => percentOf(one) - percentOf(other)).map((file) => `    ${file.file}: ${figures(file)}`);
}

function percentOf({ covered, total }: { covered: number; total: number }): number {
  return total === 0 ? 100 : (covered / total) * 100;
}

function processes({ processes: count }: WorkspaceCoverage): string {
  return count === 0 ? '' : ` (${plural(count, 'child process', 'child processes')} counted)`;
}

function figures(counts: { covered: number; total: number }): string {
  return `${percentOf(counts).toFixed(1)} % of ${counts.total} lines`;
}
