import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Demo } from '@fairway-mcp/testing';
import { type Workspace, workspacesNamed } from '../workspace.ts';

export interface ServerDemo {
  workspace: Workspace;
  demo: Demo;
}

/**
 * The demo of the named server, or without a name that of the default server.
 * @throws Error naming the servers that have a demo, when the name is none of them.
 */
export async function findDemo(name: string | undefined, servers: readonly Workspace[]): Promise<ServerDemo> {
  const withDemo = servers.filter((workspace) => fs.existsSync(demoFile(workspace)));
  if (name !== undefined) {
    const [workspace] = workspacesNamed([name], withDemo, 'server with a start.ts');
    if (workspace !== undefined) return loadDemo(workspace);
  }
  const demos = await Promise.all(withDemo.map(loadDemo));
  const found = demos.find(({ demo }) => demo.isDefault === true) ?? demos[0];
  if (found === undefined) throw new Error('No server has a start.ts that says what to show of it.');
  return found;
}

function demoFile(workspace: Workspace): string {
  return path.join(workspace.path, 'start.ts');
}

async function loadDemo(workspace: Workspace): Promise<ServerDemo> {
  const { demo }: { demo?: Partial<Demo> } = await import(pathToFileURL(demoFile(workspace)).href);
  const file = `${workspace.folder}/start.ts`;
  if (demo === undefined) throw new Error(`${file} must export "demo".`);
  const { data, args, questions } = demo;
  if (data === undefined || args === undefined || questions === undefined) {
    const missing = Object.entries({ data, args, questions }).flatMap(([key, value]) => (value === undefined ? [`"${key}"`] : []));
    throw new Error(`"demo" in ${file} lacks ${missing.join(' and ')}.`);
  }
  return { workspace, demo: { ...demo, data, args, questions } };
}
