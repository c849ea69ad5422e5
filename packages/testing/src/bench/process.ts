import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';

/** Where there are two cores, servers get one and the programs that load them the other, so that neither slows the other down. */
export type Core = 'server' | 'client';

const hasTaskset = process.platform === 'linux' && os.availableParallelism() > 1 && fs.existsSync('/usr/bin/taskset');

/** How processes are placed on cores, for the page of results. */
export const pinning = hasTaskset ? 'servers on one core, the load generator on another' : 'not pinned to cores';

export interface ProgramOptions {
  args?: readonly string[];
  /** Flags for Node itself. */
  nodeFlags?: readonly string[];
  env?: NodeJS.ProcessEnv;
  stdio: NonNullable<Parameters<typeof spawn>[2]>['stdio'];
}

/** Starts a Node program on its core. Of this process's environment it inherits PATH and HOME only. */
export function startProgram(core: Core, program: string, { args = [], nodeFlags = [], env = {}, stdio }: ProgramOptions): ChildProcess {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', ...nodeFlags, program, ...args];
  const pinned = hasTaskset ? ['/usr/bin/taskset', '-c', core === 'server' ? '0' : '1', ...command] : command;
  const [file = '', ...rest] = pinned;
  return spawn(file, rest, { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, stdio });
}

export interface Usage {
  rssMb: number;
  peakRssMb: number;
  /** Processor time of all threads. */
  cpuSeconds: number;
}

const TICKS_PER_SECOND = 100;

/** What a process has used so far; `undefined` on systems without `/proc`. */
export function usageOf(pid: number | undefined): Usage | undefined {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return {
      rssMb: kb('VmRSS') / 1024,
      peakRssMb: kb('VmHWM') / 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    };
  } catch {
    return undefined;
  }
}

/**
 * Reads a program's output until a line contains what is looked for.
 * @throws Error with the output so far, when the program exits first
 */
export function waitForLine<T>(child: ChildProcess, find: (line: string) => T | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      const found = lines.map(find).find((value) => value !== undefined);
      if (found !== undefined) resolve(found);
    });
  }
  child.on('error', reject);
  child.on('exit', (code) => reject(new Error(`A program exited with code ${code} before it was ready: ${output.slice(-2000)}`)));
  return promise;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
