import { run } from '../shell.ts';
import type { Room } from '../workspace.ts';

/** Builds the given servers, or takes what has not changed from turbo's cache. What goes wrong is shown. Resolves with the exit code. */
export async function buildServers(rooms: readonly Room[]): Promise<number> {
  if (rooms.length === 0) return 0;
  const filters = rooms.map((room) => `--filter=${room.manifest.name}`);
  const { code } = await run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { output: 'show' });
  return code;
}
