/**
 * `npm start [SERVER]`: the first minute. Builds a server, runs it over HTTP on sample data, asks it a few questions with a real MCP
 * client, shows the answers, and keeps serving until Ctrl-C. What is shown is declared in the server's start.ts.
 *
 *   npm start -- --once        ends after the answers
 *   npm start -- --port 9000   listens there instead of on a free port
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { programOf } from './lib/build/servers.ts';
import { run } from './lib/shell.ts';
import { askQuestions } from './lib/start/ask-questions.ts';
import { findDemo } from './lib/start/demo.ts';
import { howToAdd } from './lib/start/how-to-add.ts';
import { startServer } from './lib/start/server.ts';
import { command, say } from './lib/terminal.ts';
import { root, serverWorkspaces } from './lib/workspace.ts';

command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
  });
  const { workspace, demo } = await findDemo(positionals[0], serverWorkspaces());
  const build = await run('turbo', ['run', 'build', `--filter=./${workspace.folder}`, '--output-logs=errors-only'], { output: 'capture' });
  if (build.code !== 0) throw new Error(`The server could not be built:\n${build.output}`);
  const place = ['--http', `127.0.0.1:${values.port}`, '--state-dir', path.join(root, '.cache', 'start', workspace.name)];
  const server = await startServer(programOf(workspace), [...demo.args, ...place]);
  try {
    say(`${workspace.name} is serving ${demo.data} at ${server.url}\n`);
    await askQuestions(server.url, demo.questions);
    say(howToAdd(workspace, demo.args, server.url));
    if (values.once) return 0;
    say('Serving until Ctrl-C. The log is below.\n');
    server.showLog();
    return await server.untilStopped();
  } finally {
    await server.stop();
  }
});
