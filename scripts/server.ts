/**
 * `npm run --silent server NAME -- ARGS`: builds a server unless its build is up to date, and runs it with these arguments under a Node that
 * it supports, whatever Node is installed. Paths among them are those of the folder in which it is called. stdin and stdout are the server's alone, so that a client can start it over stdio:
 *
 *   node scripts/bootstrap.mjs server NAME -- ARGS
 */
import { pathToFileURL } from 'node:url';
import { programOf } from './lib/build/servers.ts';
import { run } from './lib/shell.ts';
import { command } from './lib/terminal.ts';
import { serverWorkspaces, workspacesNamed } from './lib/workspace.ts';

command(async () => {
  const [name = '', ...rest] = process.argv.slice(2);
  const [workspace] = workspacesNamed([name], serverWorkspaces(), 'server');
  if (workspace === undefined) return 1;
  const build = await run('turbo', ['run', 'build', `--filter=./${workspace.folder}`, '--output-logs=errors-only'], { output: 'capture' });
  if (build.code !== 0) throw new Error(`The server could not be built:\n${build.output}`);
  const program = programOf(workspace);
  goWhereNpmWasCalled();
  // In this process, so that the client's signals and the end of its input reach the server itself.
  process.argv.splice(1, process.argv.length, program, ...(rest[0] === '--' ? rest.slice(1) : rest));
  await import(pathToFileURL(program).href);
  return undefined;
});

/** npm and pnpm run scripts in the root of the repository, and tell where they were called. */
function goWhereNpmWasCalled(): void {
  const { INIT_CWD: calledIn, npm_lifecycle_event: script } = process.env;
  if (script === 'server' && calledIn !== undefined) process.chdir(calledIn);
}
