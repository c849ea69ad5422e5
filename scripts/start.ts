/**
 * `npm start`: the first minute. Builds the tag-compliance server, runs it over HTTP on a made-up organization, asks it a few
 * questions with a real MCP client, shows the answers, and keeps serving until Ctrl-C.
 *
 *   npm start -- --once        ends after the answers
 *   npm start -- --port 9000   listens there instead of on a free port
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './lib/shell.ts';
import { howToAdd } from './lib/start/how-to-add.ts';
import { askQuestions } from './lib/start/questions.ts';
import { startServer } from './lib/start/server.ts';
import { command, say } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

const SERVER = 'servers/tag-compliance';

command(async () => {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } } });
  const program = path.join(root, SERVER, 'dist', 'main.js');
  const build = await run('turbo', ['run', 'build', `--filter=./${SERVER}`, '--output-logs=errors-only'], { output: 'capture' });
  if (build.code !== 0) throw new Error(`The server could not be built:\n${build.output}`);
  const server = await startServer(program, [
    '--sample',
    '--http',
    `127.0.0.1:${values.port}`,
    '--state-dir',
    path.join(root, '.cache', 'start'),
  ]);
  try {
    say(`tag-compliance is serving a made-up AWS organization at ${server.url}\n`);
    await askQuestions(server.url);
    say(howToAdd(program, server.url));
    if (values.once) return 0;
    say('Serving until Ctrl-C. The log is below.\n');
    server.showLog();
    return await server.untilStopped();
  } finally {
    await server.stop();
  }
});
