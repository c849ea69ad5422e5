import fs from 'node:fs';
import { run } from '../shell.ts';
import { say } from '../terminal.ts';
import { allWorkspaces, readJson, workspacesNamed } from '../workspace.ts';
import { reportFile, type Speed, type TestReport } from './report.ts';
import { hasTests } from './select.ts';
import { summarize } from './summary.ts';

/** Slow tests start many processes of their own, so that fewer workspaces are tested at a time. */
const TASKS = { quick: { name: 'test', concurrency: 5 }, slow: { name: 'test:slow', concurrency: 2 } } as const;

/**
 * Runs the tests of all workspaces, or of those named in the arguments, through turbo, and prints the sum of their reports.
 * With CI set in the environment a skipped test counts as failed.
 * @returns The exit code.
 */
export async function runTests(speed: Speed, args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => arg !== '--force');
  const tested = allWorkspaces().filter((workspace) => hasTests(workspace, speed));
  const workspaces = names.length > 0 ? workspacesNamed(names, tested) : tested;
  for (const workspace of workspaces) fs.rmSync(reportFile(workspace.path, speed), { force: true });
  const { name, concurrency } = TASKS[speed];
  const flags = [
    '--continue',
    '--output-logs=errors-only',
    `--concurrency=${concurrency}`,
    ...(args.includes('--force') ? ['--force'] : []),
  ];
  const filters = workspaces.map(({ manifest }) => `--filter=${manifest.name}`);
  const { code } = await run('turbo', ['run', name, ...flags, ...filters], { output: 'show' });
  const { text, isGood } = summarize(
    workspaces.map(({ folder, path }) => ({ folder, report: readReport(reportFile(path, speed)) })),
    { refuseSkipped: Boolean(process.env.CI) },
  );
  say(text);
  return isGood ? code : 1;
}

function readReport(file: string): TestReport | undefined {
  return fs.existsSync(file) ? readJson<TestReport>(file) : undefined;
}
