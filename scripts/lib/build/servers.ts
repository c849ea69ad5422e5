import { run } from '../shell.ts';
import type { Workspace } from '../workspace.ts';

/** Builds the given servers, or takes what has not changed from turbo's cache. What goes wrong is shown. Resolves with the exit code. */
export async function buildServers(workspaces: readonly Workspace[]): Promise<number> {
  if (workspaces.length === 0) return 0;
  const filters = workspaces.map((workspace) => `--filter=${workspace.manifest.name}`);
  const { code } = await run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { output: 'show' });
  return code;
}
