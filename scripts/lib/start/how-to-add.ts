import path from 'node:path';
import { indent } from '../terminal.ts';

/** How to use the server that was just built in the usual clients. */
export function howToAdd(program: string, url: string): string {
  const args = [program, '--sample'];
  const node = nodeCommand();
  const stdio = { command: node, args };
  return [
    'Add it to your client (with --sample as here; for your own accounts see servers/tag-compliance/README.md):\n',
    'Claude Desktop, in claude_desktop_config.json:',
    json({ mcpServers: { 'tag-compliance': stdio } }),
    'VS Code, in .vscode/mcp.json:',
    json({ servers: { 'tag-compliance': { type: 'stdio', ...stdio } } }),
    'Cursor, in .cursor/mcp.json:',
    json({ mcpServers: { 'tag-compliance': stdio } }),
    'Claude Code:',
    indent(`claude mcp add tag-compliance -- ${node} ${args.join(' ')}`, '  '),
    '',
    `Or any client that speaks Streamable HTTP: ${url}`,
    '',
  ].join('\n');
}

/** The Node on the PATH may be too old for the server; then it is the one that this project fetched for itself. */
function nodeCommand(): string {
  return process.execPath.includes(`${path.sep}.cache${path.sep}`) ? process.execPath : 'node';
}

function json(value: object): string {
  return `${indent(JSON.stringify(value, null, 2), '  ')}\n`;
}
