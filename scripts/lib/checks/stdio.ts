import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 30_000;

export interface Listed {
  tools: readonly string[];
  /** The exit code after stdin was closed. */
  code: number | null;
  /** What happened when there was no answer. */
  problem?: string;
}

/** Starts a server over stdio, asks for its tools as a client of the 2025-11-25 protocol does, and closes its stdin. */
export async function listToolsOver(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Listed> {
  const child = spawn(program, args, { ...options, timeout: PATIENCE_MS, shell: process.platform === 'win32' });
  const exit = Promise.withResolvers<number | null>();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.on('error', (error) => {
    stderr += error.message;
    exit.resolve(null);
  });
  child.on('close', (code) => exit.resolve(code));
  child.stdin.on('error', () => undefined);
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const client = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'package-check', version: '1' } };
  send({ id: 1, method: 'initialize', params: client });
  send({ method: 'notifications/initialized' });
  send({ id: 2, method: 'tools/list' });
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, result } = JSON.parse(line) as { id?: number; result?: { tools: { name: string }[] } };
    if (id !== 2 || result === undefined) continue;
    child.stdin.end();
    return { tools: result.tools.map(({ name }) => name), code: await exit.promise };
  }
  return { tools: [], code: await exit.promise, problem: `did not list its tools:\n${stderr}` };
}
