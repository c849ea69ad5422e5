import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeServer, type ServerFacts } from '@fairway-mcp/kit/describe';
import { serverWorkspaces, type Workspace } from '../workspace.ts';

/** A server's workspace and what its definition says. */
export interface DescribedServer {
  workspace: Workspace;
  facts: ServerFacts;
  /** Its name in the MCP registry: `io.github.fairway-mcp/weather`. */
  mcpName: string;
}

/** @throws Error naming the server whose definition cannot be loaded, or does not agree with its package.json or folder. */
export function describeServers(): Promise<DescribedServer[]> {
  return Promise.all(serverWorkspaces().map(describeWorkspace));
}

/** @throws Error like `describeServers`. */
export async function describeWorkspace(workspace: Workspace): Promise<DescribedServer> {
  const module = await import(pathToFileURL(path.join(workspace.path, 'src', 'server.ts')).href);
  if (module.default?.definition === undefined) throw new Error(`${workspace.folder}/src/server.ts must export its definition as default.`);
  const facts = describeServer(module.default);
  const { version, mcpName = '' } = workspace.manifest;
  const name = /^[A-Za-z0-9.-]+\/([A-Za-z0-9._-]+)$/.exec(mcpName)?.[1];
  if (facts.name !== workspace.name)
    throw new Error(`${workspace.folder}: the definition is called "${facts.name}". Its name and the folder's are one.`);
  if (facts.version !== version)
    throw new Error(`${workspace.folder}: the definition's version is ${facts.version}, package.json says ${version}.`);
  if (name !== workspace.name)
    throw new Error(`${workspace.folder}: mcpName in package.json must be a namespace, "/" and "${workspace.name}".`);
  if (facts.hosts.length > 0 && workspace.manifest.dependencies?.['@fairway-mcp/upstream'] === undefined)
    throw new Error(
      `${workspace.folder}: the definition declares hosts, so package.json must list @fairway-mcp/upstream under dependencies.`,
    );
  return { workspace, facts, mcpName };
}
