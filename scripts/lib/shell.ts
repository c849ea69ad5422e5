import { type SpawnOptions, spawn } from 'node:child_process';
import { root } from './workspace.ts';

export interface Finished {
  /** The exit code; 1 when a signal ended the program or it could not be started. */
  code: number;
  /** What the program wrote, stdout and stderr as they came. Empty when it wrote to this terminal. */
  output: string;
}

export interface ShellOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Whether the program writes to this terminal, or its output is wanted here. */
  output: 'show' | 'capture';
}

/** Runs a program of the project's toolchain to its end. Never rejects. */
export function run(program: string, args: readonly string[], { cwd = root, env = process.env, output }: ShellOptions): Promise<Finished> {
  const options: SpawnOptions = { cwd, env, stdio: output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'] };
  // On Windows the programs of node_modules/.bin are .cmd files, which only a shell can start.
  const child = spawn(program, args, { ...options, shell: process.platform === 'win32' && program !== process.execPath });
  const { promise, resolve } = Promise.withResolvers<Finished>();
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  child.on('error', (error) => resolve({ code: 1, output: `${program} could not be started: ${error.message}` }));
  child.on('close', (code) => resolve({ code: code ?? 1, output: text }));
  return promise;
}
