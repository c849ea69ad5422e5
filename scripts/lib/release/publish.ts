import path from 'node:path';
import { type Finished, run } from '../shell.ts';
import { say } from '../terminal.ts';
import { RELEASE_FOLDER, type Release } from './plan.ts';

/** One step of publishing: a program that is run unless what it does has been done. */
interface Step {
  program: string;
  args: readonly string[];
  /** Finds out whether it was done before, so that an interrupted publication can be run again. */
  query?: { args: readonly string[]; isDone(answer: Finished): boolean };
  /** What the program prints when it was done before, where there is no way to find out first. */
  donePattern?: RegExp;
}

/** The order matters: the MCP registry looks at the package and at the bundle before it lists them. */
function stepsOf({ package: name, version, tag, commit, tarball, bundle, listing, notes }: Release): Step[] {
  const provenance = process.env.GITHUB_ACTIONS === 'true' ? ['--provenance'] : [];
  return [
    {
      program: 'npm',
      args: ['publish', `./${tarball}`, '--access', 'public', ...provenance],
      query: { args: ['view', `${name}@${version}`, 'version'], isDone: ({ code, output }) => code === 0 && output.includes(version) },
    },
    {
      program: 'gh',
      args: ['release', 'create', tag, bundle, listing, '--target', commit, '--title', `${name} ${version}`, '--notes-file', notes],
      query: { args: ['release', 'view', tag], isDone: ({ code }) => code === 0 },
    },
    { program: 'mcp-publisher', args: ['publish', `--file=${listing}`], donePattern: /duplicate version/ },
  ];
}

/** The commands with which a release is published, as they would be typed in the folder of releases. */
export function commandsOf(release: Release): string[] {
  return stepsOf(release).map(({ program, args }) => [program, ...args].map((word) => (/[\s"]/.test(word) ? `'${word}'` : word)).join(' '));
}

/** @throws Error with the output of the program that failed. Run again, it continues after the last step that was done. */
export async function publish(releases: readonly Release[]): Promise<void> {
  for (const release of releases) {
    for (const step of stepsOf(release)) say(`${release.tag}: ${await runStep(step)}`);
  }
}

async function runStep({ program, args, query, donePattern }: Step): Promise<string> {
  const what = [program, args[0]].join(' ');
  if (query?.isDone(await runHere(program, query.args))) return `${what} was done before`;
  const { code, output } = await runHere(program, args);
  if (code === 0) return what;
  if (donePattern?.test(output)) return `${what} was done before`;
  throw new Error(`${[program, ...args].join(' ')} failed in ${path.basename(RELEASE_FOLDER)}/:\n${output}`);
}

function runHere(program: string, args: readonly string[]): Promise<Finished> {
  return run(program, args, { cwd: RELEASE_FOLDER, output: 'capture' });
}
