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
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-test-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What Node has compiled is kept between processes where the tests themselves were started so. It is no setting of the server. */
export function compileCache(): Record<string, string> {
  const folder = process.env.NODE_COMPILE_CACHE;
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** A server's program, running as a host would start it. It is killed when the test has ended. */
export class ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<Exit>;
  readonly stateDir: string;
  stdout = '';
  stderr = '';

  constructor({ main, args = [], environment = {}, stateDir = temporaryFolder() }: Launch) {
    this.stateDir = stateDir;
    const program = typeof main === 'string' ? main : fileURLToPath(main);
    const env = { HOME: stateDir, ...compileCache(), ...environment };
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, '--state-dir', stateDir, ...args], { env });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** The log lines so far, those that are JSON. */
  get log(): Record<string, unknown>[] {
    return this.stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  }

  /** Resolves when the log has a line with that message; rejects with what was said when the process ends before. */
  async logged(message: string): Promise<Record<string, unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const look = () => {
      const line = this.log.find((entry) => entry.message === message);
      if (line !== undefined) resolve(line);
    };
    this.child.stderr.on('data', look);
    this.exited.then(({ code }) => reject(new Error(`The server ended with code ${code} before it logged "${message}": ${this.stderr}`)));
    look();
    return promise;
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
  const { url } = await server.logged('Serving over HTTP');
  return Object.assign(server, { url: String(url) });
}
