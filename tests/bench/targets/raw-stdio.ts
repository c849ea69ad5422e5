/**
 * The floor over stdio: reads a line, answers it from a constant. No MCP server can be at its `tools/list` sooner on this machine.
 */
import readline from 'node:readline';
import { fillerNames } from '../answers.ts';

const tools = fillerNames().map((name) => ({ name, description: 'Lists findings.', inputSchema: { type: 'object', properties: {} } }));
const RESULTS: Record<string, object> = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'floor', version: '0.0.0' } },
  'tools/list': { tools },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as { id?: number; method: string };
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: RESULTS[method] ?? {} })}\n`);
});
