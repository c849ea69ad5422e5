import { waitAtMost } from '@fairway-mcp/async';
import { createRedactor } from '@fairway-mcp/telemetry';
import { auditCommand } from './cli/audit.ts';
import { doctorCommand } from './cli/doctor.ts';
import { helpPage } from './cli/help.ts';
import { keysCommand } from './cli/keys.ts';
import { ownCommand } from './cli/own-command.ts';
import { describeSettings, readCommandLine, readSettings, type Startup } from './cli/startup.ts';
import { terminal } from './cli/terminal.ts';
import { dropUnfilled } from './config/unfilled.ts';
import { findCommand } from './define/command.ts';
import type { ServerDescription } from './define/server.ts';
import { UsageError } from './protocol/errors.ts';
import { createRuntime, type Extend, type Runtime } from './server/runtime.ts';
import { openTransport, type Serving } from './server/transport.ts';
import { limitYoungGeneration } from './util/young-generation.ts';

const USAGE_EXIT_CODE = 2;
/** How long the transport may take to close, beyond the time that calls in flight have. */
const DRAIN_MARGIN_MS = 500;
/** How long everything else may take to close. Together with the drain less than the 35 s that compose.yaml allows. */
const CLOSE_TIMEOUT_MS = 4_000;

/**
 * The whole life of a server's process, from the command line to exit. Serves over stdio unless `--http` is given, or runs
 * a command. Exit codes: 0 done, 1 failed, 2 called wrongly.
 */
export function run(description: ServerDescription): Promise<void> {
  return runServer(description, undefined);
}

export async function runServer(description: ServerDescription, extend: Extend | undefined): Promise<void> {
  // Until the settings have been read, secrets are known by their form only.
  let redactor = createRedactor();
  try {
    const onSettings = ({ secrets }: Startup) => {
      redactor = createRedactor(secrets);
    };
    const code = await main(description, extend, onSettings);
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    terminal.err(redactor.text(`${description.definition.name}${isUsage ? '' : ' could not start'}: ${message}`));
    process.exitCode = isUsage ? USAGE_EXIT_CODE : 1;
  }
}

async function main(
  description: ServerDescription,
  extend: Extend | undefined,
  onSettings: (startup: Startup) => void,
): Promise<number | undefined> {
  const { definition } = description;
  const line = readCommandLine(description, process.argv.slice(2));
  const { options, words } = line.command;
  if (options.help !== undefined) return print(helpPage(description, line.own, line.common));
  if (options.version !== undefined) return print(definition.version);
  // Hosts start servers over stdio, and their forms ask for settings of the server's own.
  const isOverHttp = line.command.flags.http !== undefined || process.env.FAIRWAY_HTTP !== undefined;
  dropUnfilled(process.env, [...line.own, ...line.common], (setting) => !isOverHttp && line.own.includes(setting));
  const startup = readSettings(description, line, process.env);
  onSettings(startup);
  if (options['print-config'] !== undefined) return print(describeSettings(startup));
  if (words[0] === 'keys') return keysCommand(description, startup, terminal);
  if (words[0] === 'audit') return auditCommand(startup, terminal);
  if (words[0] === 'doctor') return doctorCommand(description, startup, terminal);
  const own = findCommand(definition.commands ?? [], words);
  if (own !== undefined) return ownCommand(description, own, startup, terminal);
  await serve(description, startup, extend);
  return undefined;
}

function print(text: string): number {
  terminal.out(text);
  return 0;
}

async function serve(description: ServerDescription, startup: Startup, extend: Extend | undefined): Promise<void> {
  limitYoungGeneration();
  const runtime = await createRuntime({ description, ...startup, extend });
  const { log } = runtime;
  process.on('unhandledRejection', (error) => log.error('Unhandled rejection', { error }));
  const serving = await openTransport(runtime, startup.settings).catch(async (error) => {
    await runtime.close();
    throw error;
  });
  const cause = await Promise.race([serving.ended, stopSignal(), fatalError(runtime)]);
  const hasFailed = typeof cause !== 'string' || cause === 'the client does not read';
  log[hasFailed ? 'error' : 'info']('Stopping', { cause: typeof cause === 'string' ? cause : 'an unexpected error' });
  await stop(serving, runtime, startup.settings.drainSeconds * 1000);
  // What a library may have left running must not keep the process alive: hosts would take it for a hang.
  process.exit(hasFailed ? 1 : 0);
}

/** Ends in bounded time, also when a database or a service that has to be closed hangs. */
async function stop(serving: Serving, runtime: Runtime, drainMs: number): Promise<void> {
  const drained = await waitAtMost(drainMs + DRAIN_MARGIN_MS, done(serving.drain(drainMs)));
  const closed = await waitAtMost(CLOSE_TIMEOUT_MS, done(runtime.close()));
  if (!drained || !closed) runtime.log.error('Something hangs: the process ends without having closed everything');
}

async function done(work: Promise<void>): Promise<true> {
  await work;
  return true;
}

/** The first signal starts the drain; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      resolve(signal);
      process.on(signal, () => process.exit(130));
    });
  }
  return promise;
}

function fatalError({ log }: Runtime): Promise<Error> {
  const { promise, resolve } = Promise.withResolvers<Error>();
  process.on('uncaughtException', (error) => {
    log.error('Unexpected error', { error });
    resolve(error);
  });
  return promise;
}
