import path from 'node:path';
import { indent } from '../terminal.ts';
import { root, type Workspace } from '../workspace.ts';

/** How to add a server of this checkout to the usual clients. Works with whatever Node is on the PATH: bootstrap.mjs gets the right one. */
export function howToAdd({ name, folder }: Workspace, serverArgs: readonly string[], url: string): string {
  const args = [path.join(root, 'scripts', 'bootstrap.mjs'), 'server', name, ...(serverArgs.length > 0 ? ['--', ...serverArgs] : [])];
  const stdio = { command: 'node', args };
  const flags = serverArgs.length > 0 ? `with ${serverArgs.join(' ')} as here; ` : '';
  return [
    `Add it to your client (${flags}for your own data see ${folder}/README.md):\n`,
    'Claude Desktop, in claude_desktop_config.json:',
    json({ mcpServers: { [name]: stdio } }),
    'VS Code, in .vscode/mcp.json:',
    json({ servers: { [name]: { type: 'stdio', ...stdio } } }),
    'Cursor, in .cursor/mcp.json:',
    json({ mcpServers: { [name]: stdio } }),
    'Claude Code:',
    indent(`claude mcp add ${name} -- node ${args.join(' ')}`, '  '),
    '',
    `Or any client that speaks Streamable HTTP: ${url}`,
    '',
  ].join('\n');
}

function json(value: object): string {
  return `${indent(JSON.stringify(value, null, 2), '  ')}\n`;
}
