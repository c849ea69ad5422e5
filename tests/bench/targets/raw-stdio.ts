/** The floor over stdio: reads a line, writes a constant. No MCP server on Node can list its tools sooner on the same machine. */
import readline from 'node:readline';
import { fillerNames } from '../tool-data.ts';

const tools = fillerNames().map((name) => ({ name, description: 'Lists findings.', inputSchema: { type: 'object', properties: {} } }));
const RESULTS: Record<string, object> = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'floor', version: '0.0.0' } },
  'tools/list': { tools },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as { id?: number; method: string };
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: RESULTS[method] ?? {} })}\n`);
});
