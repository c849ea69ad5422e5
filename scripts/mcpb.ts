/**
 * `npm run mcpb [SERVER...]`: builds servers and makes an MCP bundle of each, in `.cache/mcpb/`: one file that hosts such as
 * Claude Desktop install with a click. A release makes them too.
 */
import fs from 'node:fs';
import path from 'node:path';
import { buildServers } from './lib/build/servers.ts';
import { describeRoom } from './lib/generate/definitions.ts';
import { packMcpb } from './lib/package/mcpb.ts';
import { packTarball } from './lib/package/tarball.ts';
import { command, megabytes, say } from './lib/terminal.ts';
import { roomsNamed, root, serverRooms } from './lib/workspace.ts';

const FOLDER = path.join(root, '.cache', 'mcpb');

command(async () => {
  const names = process.argv.slice(2);
  const rooms = names.length > 0 ? roomsNamed(names, serverRooms()) : serverRooms();
  const code = await buildServers(rooms);
  if (code !== 0) return code;
  for (const room of rooms) {
    const tarball = await packTarball(room, path.join(FOLDER, 'npm'));
    const bundle = await packMcpb(await describeRoom(room), tarball, FOLDER);
    say(`${path.relative(root, bundle)}: ${megabytes(fs.statSync(bundle).size)}`);
  }
  return 0;
});
