import path from 'node:path';
import { run } from '../shell.ts';
import type { Workspace } from '../workspace.ts';

/** Builds the given servers, or takes what has not changed from turbo's cache. Errors are shown. Resolves with the exit code. */
export async function buildServers(servers: readonly Workspace[]): Promise<number> {
  if (servers.length === 0) return 0;
  const filters = servers.map(({ manifest }) => `--filter=${manifest.name}`);
  const { code } = await run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { output: 'show' });
  return code;
}

/** The program that a server is built into. */
export function programOf(server: Workspace): string {
  return path.join(server.path, 'dist', 'main.js');
}
