/**
 * `npm run version`: turns the changesets into versions and changelogs, of the workspaces that they name and of every server that carries one
 * of these, and brings server.json, registry.json and the READMEs up to date. A release begins with it: see docs/releasing.md.
 */
import { run } from './lib/shell.ts';
import { command } from './lib/terminal.ts';

const STEPS: readonly (readonly [program: string, args: readonly string[]])[] = [
  ['changeset', ['version']],
  [process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/generate.ts']],
];

command(async () => {
  for (const [program, args] of STEPS) {
    const { code } = await run(program, args, { output: 'show' });
    if (code !== 0) return code;
  }
  return 0;
});
