import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeServer, type ServerFacts } from '../../../packages/kit/src/describe.ts';
import { type Room, serverRooms } from '../workspace.ts';

/** A server's room and what its definition says. */
export interface DescribedServer {
  room: Room;
  facts: ServerFacts;
  /** Its name in the MCP registry: `io.github.fairway-mcp/weather`. */
  mcpName: string;
}

/** @throws Error naming the server whose definition cannot be loaded, or does not agree with its package.json or folder. */
export function describeServers(): Promise<DescribedServer[]> {
  return Promise.all(serverRooms().map(describeRoom));
}

/** @throws Error like `describeServers`. */
export async function describeRoom(room: Room): Promise<DescribedServer> {
  const module = await import(pathToFileURL(path.join(room.path, 'src', 'server.ts')).href);
  if (module.default?.definition === undefined) throw new Error(`${room.folder}/src/server.ts must export its definition as default.`);
  const facts = describeServer(module.default);
  const { version, mcpName = '' } = room.manifest;
  const name = /^[A-Za-z0-9.-]+\/([A-Za-z0-9._-]+)$/.exec(mcpName)?.[1];
  if (facts.name !== room.name)
    throw new Error(`${room.folder}: the definition is called "${facts.name}". Its name and the folder's are one.`);
  if (facts.version !== version)
    throw new Error(`${room.folder}: the definition's version is ${facts.version}, package.json says ${version}.`);
  if (name !== room.name) throw new Error(`${room.folder}: mcpName in package.json must be a namespace, "/" and "${room.name}".`);
  return { room, facts, mcpName };
}
