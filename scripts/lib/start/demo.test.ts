import fs from 'node:fs';
import path from 'node:path';
import { fileLifetime, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import type { Workspace } from '../workspace.ts';
import { findDemo } from './demo.ts';

function server(name: string, start?: string): Workspace {
  const folder = path.join(temporaryFolder(fileLifetime), name);
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  if (start !== undefined) fs.writeFileSync(path.join(folder, 'start.ts'), `export const demo = ${start};`);
  return { name, folder: `servers/${name}`, path: folder, manifest: { name: `@fairway-mcp/${name}`, version: '0.0.0', description: '' } };
}

const EMPTY = "data: 'tides', args: [], questions: []";

describe('npm start', () => {
  const servers = [server('bare'), server('tides', `{ ${EMPTY} }`), server('clouds', `{ ${EMPTY}, isDefault: true }`)];

  it('shows the server that declares itself the default, or else the first', async () => {
    expect((await findDemo(undefined, servers)).workspace.name).toBe('clouds');
    expect((await findDemo(undefined, servers.slice(0, 2))).workspace.name).toBe('tides');
  });

  it('shows the named server, and lists those that there are when the name is wrong', async () => {
    expect((await findDemo('tides', servers)).workspace.name).toBe('tides');
    await expect(findDemo('tide', servers)).rejects.toThrow('There is no server with a start.ts "tide". Choose one of: tides, clouds.');
  });

  it('says what is missing in a start.ts', async () => {
    const incomplete = server('fog', "{ data: 'fog' }");
    await expect(findDemo('fog', [incomplete])).rejects.toThrow('"demo" in servers/fog/start.ts lacks "args" and "questions".');
  });

  it('says what is missing when no server declares what to show', async () => {
    await expect(findDemo(undefined, [])).rejects.toThrow('No server has a start.ts');
  });
});
