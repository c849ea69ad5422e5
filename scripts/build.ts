/**
 * `npm run build [SERVER...]`: bundles servers into their `dist/` folders, each into one self-contained program.
 * What has not changed comes from turbo's cache.
 */
import fs from 'node:fs';
import path from 'node:path';
import { buildServers } from './lib/build/servers.ts';
import { command, megabytes, plural, say } from './lib/terminal.ts';
import { serverWorkspaces, type Workspace, workspacesNamed } from './lib/workspace.ts';

command(async () => {
  const names = process.argv.slice(2);
  const workspaces = names.length > 0 ? workspacesNamed(names, serverWorkspaces()) : serverWorkspaces();
  const code = await buildServers(workspaces);
  if (code === 0) for (const workspace of workspaces) say(summaryOf(workspace));
  return code;
});

function summaryOf(workspace: Workspace): string {
  const dist = path.join(workspace.path, 'dist');
  const files = fs.readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map((file) => fs.statSync(path.join(file.parentPath, file.name)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return `${workspace.folder}/dist: ${megabytes(total)} in ${plural(sizes.length, 'file')}`;
}
