/**
 * `npm run check [NAME...]`: everything that must hold besides the tests; `npm run check style imports` looks at these only.
 *
 *   types         tsc over the whole workspace
 *   style         biome: lint, format; no stdout and no environment in server code
 *   imports       who may import whom (.dependency-cruiser.mjs)
 *   generated     what follows from the definitions is as they say, and nothing is left over
 *   words         no word that the project has a plainer one for (by name only, until the tree holds to it)
 *   changesets    the notes for the next release can be read
 *   definitions … what the tools of each server cost every conversation, and that it is not too much
 *   package …     each server, packed, installs, starts and answers as it would for a stranger
 */
import { changesetsCheck } from './lib/checks/changesets.ts';
import { type Check, type Found, programCheck } from './lib/checks/check.ts';
import { definitionsCheck } from './lib/checks/definitions.ts';
import { packageCheck } from './lib/checks/package.ts';
import { wordsCheck } from './lib/checks/words.ts';
import { command, indent, say, seconds } from './lib/terminal.ts';
import { serverWorkspaces } from './lib/workspace.ts';

const CRUISED = ['packages', 'servers', 'scripts', 'tests', 'tsup.shared.ts', 'vitest.shared.ts', 'vitest-slow.shared.ts'];

const STATIC_CHECKS: readonly Check[] = [
  programCheck('types', 'tsc', ['-p', '.', '--pretty', 'false']),
  programCheck('style', 'biome', ['ci', '--colors=off', '.']),
  programCheck('imports', 'depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', ...CRUISED]),
  programCheck('generated', process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/generate.ts', '--check']),
  changesetsCheck,
];

/** Run when they are named only. */
const NAMED_CHECKS: readonly Check[] = [wordsCheck];

const CHECK_NAMES = [...[...STATIC_CHECKS, ...NAMED_CHECKS].map(({ name }) => name), 'definitions', 'package'];

interface Verdict extends Found {
  name: string;
}

command(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !CHECK_NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`There is no check "${unknown}". Checks: ${CHECK_NAMES.join(', ')}.`);
  const wanted = ({ name }: Check) => names.length === 0 || names.some((one) => name.startsWith(one));
  const packages = serverWorkspaces().map(packageCheck).filter(wanted);
  const [verdicts, built] = await Promise.all([
    judgeAll([...STATIC_CHECKS, ...(names.length > 0 ? NAMED_CHECKS : []), ...serverWorkspaces().map(definitionsCheck)].filter(wanted)),
    packages.length > 0 ? judge(programCheck('build', 'turbo', ['run', 'build', '--output-logs=errors-only'])) : undefined,
  ]);
  // Packing changes package.json for a moment: not while others look at it.
  if (built !== undefined) verdicts.push(built, ...(isGood(built) ? await judgeAll(packages) : []));
  const failed = verdicts.filter((verdict) => !isGood(verdict));
  for (const { name, problems } of failed) say(`\n${name}:\n${indent(problems.join('\n'))}`);
  say(`\n${verdicts.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
});

function isGood({ problems }: Found): boolean {
  return problems.length === 0;
}

function judgeAll(checks: readonly Check[]): Promise<Verdict[]> {
  return Promise.all(checks.map(judge));
}

async function judge(check: Check): Promise<Verdict> {
  const started = performance.now();
  const found = await check.look();
  say(`${isGood(found) ? '✓' : '✗'} ${check.name}${found.note === undefined ? '' : `: ${found.note}`} (${seconds(started)})`);
  return { name: check.name, ...found };
}
