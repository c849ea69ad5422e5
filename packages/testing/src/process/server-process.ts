import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Launch {
  /** The program: a server's `main.ts`, or its built `main.js`. */
  main: string | URL;
  args?: readonly string[];
  /** Besides a HOME of its own and Node's compile cache, which is all that a server inherits here. */
  environment?: Readonly<Record<string, string>>;
  /** Folder of the durable state. A fresh one when left out, gone after the test. */
  stateDir?: string;
  /** Flags for Node itself. */
  nodeFlags?: readonly string[];
  /** A command that runs Node: `['prlimit', '--fsize=0', '--']`. */
  under?: readonly string[];
  /** Whether {@link ServerProcess.measure} will be used. */
  isMeasured?: boolean;
  /** Until when it may live. */
  lifetime?: Lifetime;
}

/** Takes what has to be done at its end. The test's, unless told otherwise. */
export type Lifetime = (end: () => void) => void;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What a measured process holds, after garbage has been collected. Sizes are in bytes. */
export interface Measurement {
  heap: number;
  rss: number;
  /** The most that it has held so far. */
  peakRss: number;
  /** What keeps it busy, by kind: `TCPSocketWrap`, `Timeout`, … */
  resources: Readonly<Record<string, number>>;
}

const MEASURING = ['--expose-gc', `--import=${new URL('./measuring.ts', import.meta.url).href}`];

/** A folder that is gone when the test has ended. */
export function temporaryFolder(lifetime: Lifetime = onTestFinished): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-test-'));
  lifetime(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What Node has compiled is kept between processes where the tests themselves were started so. It is no setting of the server. */
export function compileCache(): Record<string, string> {
  const folder = process.env.NODE_COMPILE_CACHE;
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** A server's program, running as a host would start it. It is killed at the end of its lifetime. */
export class ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<Exit>;
  readonly stateDir: string;
  #measured = 0;
  stdout = '';
  stderr = '';

  constructor({ main, args = [], environment = {}, nodeFlags = [], under = [], isMeasured = false, ...options }: Launch) {
    const { lifetime = onTestFinished, stateDir = temporaryFolder(lifetime) } = options;
    this.stateDir = stateDir;
    const program = typeof main === 'string' ? main : fileURLToPath(main);
    const flags = ['--disable-warning=ExperimentalWarning', ...(isMeasured ? MEASURING : []), ...nodeFlags];
    const [command = process.execPath, ...rest] = [...under, process.execPath, ...flags, program, '--state-dir', stateDir, ...args];
    this.child = spawn(command, rest, { env: { HOME: stateDir, ...compileCache(), ...environment } });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
    lifetime(() => void this.child.kill('SIGKILL'));
  }

  /** The log lines so far, those that are whole and JSON. */
  get log(): Record<string, unknown>[] {
    const lines = this.stderr.split('\n').slice(0, -1);
    return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  }

  /** What the process holds now, after a collection of garbage. Only for one that was started to be measured. */
  async measure(): Promise<Measurement> {
    this.#measured += 1;
    const number = this.#measured;
    this.child.kill('SIGUSR2');
    const isIt = (line: Record<string, unknown>) => line.message === 'Measured' && line.number === number;
    const { measurement } = await this.#seen(() => this.log.find(isIt), `measurement ${number}`);
    return measurement as Measurement;
  }

  /** Resolves when the log has a line with that message; rejects with what was said when the process ends before. */
  logged(message: string): Promise<Record<string, unknown>> {
    return this.#seen(() => this.log.find((line) => line.message === message), `"${message}"`);
  }

  /** The address of a server over HTTP, once it is there, in whichever form it logs. */
  address(): Promise<string> {
    return this.#seen(
      () => /Serving over HTTP/.test(this.stderr) && /\burl"?[:=]"?(http:[^"\s]+)["\s]/.exec(this.stderr)?.[1],
      'its address',
    );
  }

  async #seen<T>(look: () => T | undefined | false, what: string): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const lookAgain = () => {
      const seen = look();
      if (seen !== undefined && seen !== false) resolve(seen);
    };
    this.child.stderr.on('data', lookAgain);
    this.exited.then(({ code }) => reject(new Error(`The server ended with code ${code} before it logged ${what}: ${this.stderr}`)));
    lookAgain();
    return promise.finally(() => this.child.stderr.off('data', lookAgain));
  }
}

/** Runs a command of a server to its end. */
export async function runCommand(launch: Launch): Promise<Exit & { stdout: string; stderr: string }> {
  const server = new ServerProcess(launch);
  server.child.stdin.end();
  const exit = await server.exited;
  return { ...exit, stdout: server.stdout, stderr: server.stderr };
}

/** Starts a server over HTTP on a free port of loopback. */
export async function startHttp(launch: Launch): Promise<ServerProcess & { url: string }> {
  const server = new ServerProcess({ ...launch, args: ['--http', '127.0.0.1:0', ...(launch.args ?? [])] });
  return Object.assign(server, { url: await server.address() });
}
