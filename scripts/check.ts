/**
 * `npm run check [NAME...]`: everything that must hold besides the tests; `npm run check style imports` looks at these only.
 *
 *   types       tsc over the whole workspace
 *   style       biome: lint, format; no stdout and no environment in server code
 *   imports     who may import whom (.dependency-cruiser.mjs)
 *   generated   registry.json, server.json and README tables are as the definitions say
 *   changesets  the notes for the next release can be read
 *   package …   each server, packed, installs and starts as it would for a stranger
 */
import { changesetsCheck } from './lib/checks/changesets.ts';
import { type Check, programCheck } from './lib/checks/check.ts';
import { packageCheck } from './lib/checks/package.ts';
import { command, indent, say, seconds } from './lib/terminal.ts';
import { serverRooms } from './lib/workspace.ts';

const CRUISED = ['packages', 'servers', 'scripts', 'tests', 'tsup.shared.ts', 'vitest.shared.ts'];

const STATIC_CHECKS: readonly Check[] = [
  programCheck('types', 'tsc', ['-p', '.', '--pretty', 'false']),
  programCheck('style', 'biome', ['ci', '--colors=off', '.']),
  programCheck('imports', 'depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', ...CRUISED]),
  programCheck('generated', process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/generate.ts', '--check']),
  changesetsCheck,
];

const CHECK_NAMES = [...STATIC_CHECKS.map(({ name }) => name), 'package'];

interface Verdict {
  name: string;
  problems: string | undefined;
}

command(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !CHECK_NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`There is no check "${unknown}". Checks: ${CHECK_NAMES.join(', ')}.`);
  const wanted = ({ name }: Check) => names.length === 0 || names.some((one) => name.startsWith(one));
  const packages = serverRooms().map(packageCheck).filter(wanted);
  const [verdicts, built] = await Promise.all([
    judgeAll(STATIC_CHECKS.filter(wanted)),
    packages.length > 0 ? judge(programCheck('build', 'turbo', ['run', 'build', '--output-logs=errors-only'])) : undefined,
  ]);
  // Packing changes package.json for a moment: not while others look at it.
  if (built !== undefined) verdicts.push(built, ...(built.problems === undefined ? await judgeAll(packages) : []));
  const failed = verdicts.filter(({ problems }) => problems !== undefined);
  for (const { name, problems } of failed) say(`\n${name}:\n${indent(problems ?? '')}`);
  say(`\n${verdicts.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
});

function judgeAll(checks: readonly Check[]): Promise<Verdict[]> {
  return Promise.all(checks.map(judge));
}

async function judge(check: Check): Promise<Verdict> {
  const started = performance.now();
  const problems = await check.problems();
  say(`${problems === undefined ? '✓' : '✗'} ${check.name} (${seconds(started)})`);
  return { name: check.name, problems };
}
