/**
 * `npm run check [NAME...]`: everything that must hold besides the tests; `npm run check style imports` looks at these only.
 *
 *   types         tsc over all workspaces
 *   style         biome: lint, format; no stdout and no environment in server code
 *   imports       who may import whom (.dependency-cruiser.mjs)
 *   generated     what follows from the definitions is as they say, and nothing is left over
 *   changesets    the notes for the next release can be read
 *   words         no word that the project has a plainer one for
 *   vulnerabilities  none is known of what servers ship; "not checked" when the registry cannot tell
 *   images        container images are pinned by digest; "not checked" while none is
 *   definitions … what the tools of each server cost every conversation, and that it is not too much
 *   package …     each server, packed, installs, starts and answers as it does for a user
 */
import fs from 'node:fs';
import { changesetsCheck } from './lib/checks/changesets.ts';
import { type Check, type Found, isGood, markOf, programCheck, sumOf } from './lib/checks/check.ts';
import { definitionsCheck } from './lib/checks/definitions.ts';
import { generatedCheck } from './lib/checks/generated.ts';
import { imagesCheck } from './lib/checks/images.ts';
import { packageCheck } from './lib/checks/package.ts';
import { vulnerabilitiesCheck } from './lib/checks/vulnerabilities.ts';
import { wordsCheck } from './lib/checks/words.ts';
import { command, indent, say, seconds } from './lib/terminal.ts';
import { allWorkspaces, root, serverWorkspaces } from './lib/workspace.ts';

/** The top folders of all workspaces, and the configuration that they share. */
const CRUISED = [...new Set(allWorkspaces().map(({ folder }) => folder.replace(/\/.*/, ''))), ...fs.globSync('*.shared.ts', { cwd: root })];

const STATIC_CHECKS: readonly Check[] = [
  programCheck('types', 'tsc', ['-p', '.', '--pretty', 'false']),
  programCheck('style', 'biome', ['ci', '--colors=off', '.']),
  programCheck('imports', 'depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', ...CRUISED]),
  generatedCheck,
  changesetsCheck,
  wordsCheck,
  vulnerabilitiesCheck,
  imagesCheck,
];

const CHECK_NAMES = [...STATIC_CHECKS.map(({ name }) => name), 'definitions', 'package'];

interface Result extends Found {
  name: string;
}

command(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !CHECK_NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`There is no check "${unknown}". Checks: ${CHECK_NAMES.join(', ')}.`);
  const isWanted = ({ name }: Check) => names.length === 0 || names.some((wanted) => name.startsWith(wanted));
  const servers = serverWorkspaces();
  const checks = [...STATIC_CHECKS, ...servers.map(definitionsCheck)].filter(isWanted);
  const packages = servers.map(packageCheck).filter(isWanted);
  const filters = servers.map(({ manifest }) => `--filter=${manifest.name}`);
  const build = programCheck('build', 'turbo', ['run', 'build', '--output-logs=errors-only', ...filters]);
  const [results, built] = await Promise.all([runAll(checks), packages.length > 0 ? runCheck(build) : undefined]);
  // Packing changes package.json for a moment: not while other checks read it.
  if (built !== undefined) results.push(built, ...(isGood(built) ? await runAll(packages) : []));
  for (const { name, problems } of results.filter((result) => !isGood(result))) say(`\n${name}:\n${indent(problems.join('\n'))}`);
  say(`\n${sumOf(results)}`);
  return results.every(isGood) ? 0 : 1;
});

function runAll(checks: readonly Check[]): Promise<Result[]> {
  return Promise.all(checks.map(runCheck));
}

async function runCheck(check: Check): Promise<Result> {
  const started = performance.now();
  const found = await runSafely(check);
  say(`${markOf(found)} ${check.name}${found.note === undefined ? '' : `: ${found.note}`} (${seconds(started)})`);
  return { name: check.name, ...found };
}

/** What a check throws is a problem of its own: the other checks are still reported. */
async function runSafely(check: Check): Promise<Found> {
  try {
    return await check.run();
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}
