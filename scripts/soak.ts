/**
 * `npm run soak`: an hour of mixed load, 36,000 calls, as fast as they are answered: some minutes. `npm test robustness` makes a tenth of
 * them. Says what the server held in memory after each sixth, with garbage collected.
 *
 *   npm run soak -- 100000    so many calls instead
 */
import path from 'node:path';
import { run } from './lib/shell.ts';
import { command } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

const WORKSPACE = 'tests/robustness';
const AN_HOUR = '36000';

command(async () => {
  const [calls = AN_HOUR] = process.argv.slice(2);
  if (!/^\d+$/.test(calls)) throw new Error(`"${calls}" is no number of calls.`);
  const built = await run('turbo', ['run', 'build', `--filter=./${WORKSPACE}`, '--output-logs=errors-only'], { output: 'show' });
  if (built.code !== 0) return built.code;
  const env = { ...process.env, SOAK_CALLS: calls };
  const soaked = await run('vitest', ['run', '--config', '../../vitest-slow.shared.ts', 'test/soak.slow.test.ts'], {
    cwd: path.join(root, WORKSPACE),
    env,
    output: 'show',
  });
  return soaked.code;
});
