/**
 * `npm run build [SERVER...]`: bundles servers into their `dist/` folders, each into one self-contained program.
 * What has not changed comes from turbo's cache.
 */
import fs from 'node:fs';
import path from 'node:path';
import { buildServers } from './lib/build/servers.ts';
import { command, megabytes, plural, say } from './lib/terminal.ts';
import { type Room, roomsNamed, serverRooms } from './lib/workspace.ts';

command(async () => {
  const names = process.argv.slice(2);
  const rooms = names.length > 0 ? roomsNamed(names, serverRooms()) : serverRooms();
  const code = await buildServers(rooms);
  if (code === 0) for (const room of rooms) say(summaryOf(room));
  return code;
});

function summaryOf(room: Room): string {
  const dist = path.join(room.path, 'dist');
  const files = fs.readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map((file) => fs.statSync(path.join(file.parentPath, file.name)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return `${room.folder}/dist: ${megabytes(total)} in ${plural(sizes.length, 'file')}`;
}
