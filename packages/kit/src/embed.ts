import { readCommandLine, readSettings } from './cli/startup.ts';
import type { Environment } from './config/load.ts';
import type { ServerDescription } from './define/server.ts';
import { openTransport } from './server/open.ts';
import { createRuntime, type Runtime } from './server/runtime.ts';

/** A server that runs inside this process. */
export interface Embedded {
  url: string;
  runtime: Runtime;
  /** What was logged so far, a line an element. */
  logLines: readonly string[];
  /** Answers what is in flight and lets go of everything. May be called again. */
  close(): Promise<void>;
}

/**
 * Runs a server over HTTP inside this process, exactly as its command line would, on a free port of loopback unless the
 * arguments say otherwise. For tests and for programs that bring their own front.
 * @throws UsageError as the command line would refuse.
 */
export async function embed(description: ServerDescription, argv: readonly string[], environment: Environment = {}): Promise<Embedded> {
  const startup = readSettings(description, readCommandLine(description, ['--http', '127.0.0.1:0', ...argv]), environment);
  const logLines: string[] = [];
  const runtime = await createRuntime({ description, ...startup, writeLog: (line) => logLines.push(line) });
  try {
    const serving = await openTransport(runtime, startup.settings);
    let closed: Promise<void> | undefined;
    return {
      url: serving.url ?? '',
      runtime,
      logLines,
      close() {
        closed ??= serving.drain(startup.settings.drainSeconds * 1000).then(() => runtime.close());
        return closed;
      },
    };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
