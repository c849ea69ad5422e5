import { type ChildProcess, spawn } from 'node:child_process';

export interface StartedServer {
  url: string;
  /** From now on the server's log goes to stderr. */
  showLog(): void;
  /** Resolves with the exit code when the user stops the server, or it ends by itself. */
  untilStopped(): Promise<number>;
  /** Lets it finish the calls in flight, and end. */
  stop(): Promise<void>;
}

/**
 * Starts a built server over HTTP.
 * @throws Error with its log, when it ends before it serves.
 */
export async function startServer(program: string, args: readonly string[]): Promise<StartedServer> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'], env: environment() });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const url = await served(child, ended);
  // The terminal sends Ctrl-C to the whole process group: the server ends by itself, and this process after it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void child.kill('SIGTERM'));
  return {
    url,
    showLog: () => void child.stderr.pipe(process.stderr),
    untilStopped: () => ended,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Without the settings that the user has made for servers of their own. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(FAIRWAY_|AWS_|OTEL_)/.test(name)));
}

function served(child: ChildProcess, ended: Promise<number>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let log = '';
  const read = (chunk: Buffer) => {
    log += chunk.toString();
    const url = /"url":"(http[^"]+)"/.exec(log)?.[1];
    if (url === undefined) return;
    child.stderr?.off('data', read);
    resolve(url);
  };
  child.stderr?.on('data', read);
  ended.then(() => reject(new Error(`The server could not start:\n${log}`)));
  return promise;
}
