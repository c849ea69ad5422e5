import { once } from '@fairway-mcp/async';
import { readCommandLine, readSettings } from './cli/startup.ts';
import type { Environment } from './config/load.ts';
import type { ServerDescription } from './define/server.ts';
import { createRuntime, type Runtime } from './server/runtime.ts';
import { openTransport } from './server/transport.ts';

/** A server that runs inside this process. */
export interface Embedded {
  url: string;
  runtime: Runtime;
  /** The log lines so far. */
  logLines: readonly string[];
  /** Answers what is in flight and releases everything. May be called again. */
  close(): Promise<void>;
}

/**
 * Runs a server over HTTP inside this process, exactly as its command line would, on a free port of loopback unless the
 * arguments say otherwise. For tests and for programs that embed a server.
 * @throws UsageError as the command line would.
 */
export async function embed(description: ServerDescription, argv: readonly string[], environment: Environment = {}): Promise<Embedded> {
  const startup = readSettings(description, readCommandLine(description, ['--http', '127.0.0.1:0', ...argv]), environment);
  const logLines: string[] = [];
  const runtime = await createRuntime({ description, ...startup, writeLog: (line) => logLines.push(line) });
  try {
    const serving = await openTransport(runtime, startup.settings);
    return {
      url: serving.url ?? '',
      runtime,
      logLines,
      close: once(async () => {
        await serving.drain(startup.settings.drainSeconds * 1000);
        await runtime.close();
      }),
    };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
