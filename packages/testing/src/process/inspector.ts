import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileCache, temporaryFolder } from './server-process.ts';

export interface Inspection {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the MCP Inspector's command line with a HOME of its own. */
export async function inspect(args: readonly string[]): Promise<Inspection> {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('@modelcontextprotocol/inspector/package.json');
  const { bin } = require(manifest) as { bin: Record<string, string> };
  const program = path.join(path.dirname(manifest), bin['mcp-inspector'] ?? '');
  const child = spawn(process.execPath, [program, '--cli', ...args], {
    env: { HOME: temporaryFolder(), ...compileCache() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result: Inspection = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    result.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    result.stderr += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...result, code })));
}
