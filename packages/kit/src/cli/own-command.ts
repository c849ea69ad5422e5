import { once } from '@fairway-mcp/async';
import { type Command, wordsAfter } from '../define/command.ts';
import type { ServerDescription } from '../define/server.ts';
import { createRuntime, type Runtime } from '../server/runtime.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

/** Runs a command that the server declares. @returns its exit code */
export async function ownCommand(description: ServerDescription, command: Command, startup: Startup, terminal: Terminal): Promise<number> {
  const { words, options } = startup.command;
  const own = Object.keys(command.flags ?? {}).filter((name) => options[name] !== undefined);
  const interrupted = new AbortController();
  const interrupt = (signal: string) => interrupted.abort(new Error(`Stopped by ${signal}.`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  let runtime: Promise<Runtime> | undefined;
  const start = once(() => {
    runtime = createRuntime({ description, ...startup });
    return runtime;
  });
  try {
    return await command.run({
      words: wordsAfter(command, words),
      flags: Object.fromEntries(own.map((name) => [name, options[name] ?? ''])),
      config: startup.config,
      services: async () => (await start()).services,
      out: (text) => terminal.out(text),
      err: (text) => terminal.err(text),
      signal: interrupted.signal,
    });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
    await runtime?.then(
      (started) => started.close(),
      () => undefined,
    );
  }
}
