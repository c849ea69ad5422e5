import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';

export interface Launch {
  /** The program: a server's `main.ts`, or its built `main.js`. */
  main: string | URL;
  args?: readonly string[];
  /** Added to a HOME of its own and Node's compile cache: nothing else is inherited. */
  environment?: Readonly<Record<string, string>>;
  /** Folder of the durable state. By default a new one, which is removed after the test. */
  stateDir?: string;
  /** Flags for Node itself. */
  nodeFlags?: readonly string[];
  /** A command that Node runs under: `['prlimit', '--fsize=0', '--']`. */
  under?: readonly string[];
  /** Whether {@link ServerProcess.measure} may be used. */
  isMeasured?: boolean;
  /** When the process is killed. At the end of the test by default. */
  lifetime?: Lifetime;
}

/** Registers what has to be done when something ends: a test (`onTestFinished`), or a file ({@link fileLifetime}). */
export type Lifetime = (cleanUp: () => void) => void;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The memory and handles of a process after garbage collection. Sizes are in bytes. */
export interface Measurement {
  heap: number;
  rss: number;
  /** The highest RSS so far. */
  peakRss: number;
  /** Active handles, by kind: `TCPSocketWrap`, `Timeout`, … */
  resources: Readonly<Record<string, number>>;
}

const MEASURING_FLAGS = ['--expose-gc', `--import=${new URL('./measuring.ts', import.meta.url).href}`];

/** The lifetime of a test file: what is registered is done after its last test. Call it outside of tests. */
export function fileLifetime(): Lifetime {
  const cleanUps: (() => void)[] = [];
  afterAll(() => {
    for (const cleanUp of cleanUps.reverse()) cleanUp();
  });
  return (cleanUp) => void cleanUps.push(cleanUp);
}

/** A folder that is removed at the end of its lifetime. */
export function temporaryFolder(lifetime: Lifetime = onTestFinished): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-test-'));
  lifetime(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment by which processes share Node's compile cache, if the tests themselves run with one. */
export function compileCache(): Record<string, string> {
  const folder = process.env.NODE_COMPILE_CACHE;
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** A server's program, started as a host would start it. It is killed at the end of its lifetime. */
export class ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<Exit>;
  readonly stateDir: string;
  #measurements = 0;
  stdout = '';
  stderr = '';

  constructor({ main, args = [], environment = {}, nodeFlags = [], under = [], isMeasured = false, ...options }: Launch) {
    const { lifetime = onTestFinished, stateDir = temporaryFolder(lifetime) } = options;
    this.stateDir = stateDir;
    const program = typeof main === 'string' ? main : fileURLToPath(main);
    const flags = ['--disable-warning=ExperimentalWarning', ...(isMeasured ? MEASURING_FLAGS : []), ...nodeFlags];
    const [command = process.execPath, ...rest] = [...under, process.execPath, ...flags, program, '--state-dir', stateDir, ...args];
    this.child = spawn(command, rest, { env: { HOME: stateDir, ...compileCache(), ...environment } });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
    lifetime(() => void this.child.kill('SIGKILL'));
  }

  /** The complete JSON lines of the log so far. */
  get log(): Record<string, unknown>[] {
    const lines = this.stderr.split('\n').slice(0, -1);
    return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  }

  /** Collects garbage in the process and measures it. It must have been started with `isMeasured`. */
  async measure(): Promise<Measurement> {
    this.#measurements += 1;
    const number = this.#measurements;
    this.child.kill('SIGUSR2');
    const isWanted = (line: Record<string, unknown>) => line.message === 'Measured' && line.number === number;
    const { measurement } = await this.#waitFor(() => this.log.find(isWanted), `measurement ${number}`);
    return measurement as Measurement;
  }

  /** Resolves to the first log line with that message; rejects with the log when the process ends before. */
  logged(message: string): Promise<Record<string, unknown>> {
    return this.#waitFor(() => this.log.find((line) => line.message === message), `"${message}"`);
  }

  /** The address of a server over HTTP, once it listens. Both log formats are understood. */
  address(): Promise<string> {
    return this.#waitFor(
      () => /Serving over HTTP/.test(this.stderr) && /\burl"?[:=]"?(http:[^"\s]+)["\s]/.exec(this.stderr)?.[1],
      'its address',
    );
  }

  async #waitFor<T>(find: () => T | undefined | false, what: string): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const check = () => {
      const found = find();
      if (found !== undefined && found !== false) resolve(found);
    };
    this.child.stderr.on('data', check);
    this.exited.then(({ code }) => reject(new Error(`The server ended with code ${code} before it logged ${what}: ${this.stderr}`)));
    check();
    return promise.finally(() => this.child.stderr.off('data', check));
  }
}

/** Runs a command of a server until it exits. */
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
