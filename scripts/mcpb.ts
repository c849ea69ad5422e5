/**
 * `npm run mcpb [SERVER...]`: builds servers and makes an MCP bundle of each, in `.cache/mcpb/`: one file that hosts such as
 * Claude Desktop install with a click. A release makes them too.
 */
import fs from 'node:fs';
import path from 'node:path';
import { buildServers } from './lib/build/servers.ts';
import { describeWorkspace } from './lib/generate/definitions.ts';
import { packMcpb } from './lib/package/mcpb.ts';
import { packTarball } from './lib/package/tarball.ts';
import { command, megabytes, say } from './lib/terminal.ts';
import { root, serverWorkspaces, workspacesNamed } from './lib/workspace.ts';

const FOLDER = path.join(root, '.cache', 'mcpb');

command(async () => {
  const names = process.argv.slice(2);
  const workspaces = names.length > 0 ? workspacesNamed(names, serverWorkspaces()) : serverWorkspaces();
  const code = await buildServers(workspaces);
  if (code !== 0) return code;
  for (const workspace of workspaces) {
    const tarball = await packTarball(workspace, path.join(FOLDER, 'npm'));
    const bundle = await packMcpb(await describeWorkspace(workspace), tarball, FOLDER);
    say(`${path.relative(root, bundle)}: ${megabytes(fs.statSync(bundle).size)}`);
  }
  return 0;
});
