import { describe } from 'vitest';
import { testCommandLine } from './command-line.ts';
import { testDefinitions } from './definitions.ts';
import { testLifeCycle } from './life-cycle.ts';
import { shareServer } from './shared-server.ts';
import { testToolCalls } from './tool-calls.ts';

/** The arguments of a call that each tool answers, by the tool's name. */
export type Examples = Readonly<Record<string, Record<string, unknown>>>;

export interface ContractOptions {
  /** The server's `main.ts`: `new URL('../src/main.ts', import.meta.url)`. */
  main: URL;
  /** Flags with which the server runs without anything else, such as `--sample`. */
  args?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** One for each read-only tool. */
  examples: Examples;
}

/**
 * Tests what every server promises and a server's own code can break: its definitions, its answers, its settings, its start and
 * its end. What the kit alone decides is tested in the kit. Call it once, in `test/contract.test.ts`: it starts the server's own
 * program and talks to it as hosts do; nothing inside is replaced.
 */
export function contractSuite({ main, args = [], environment = {}, examples }: ContractOptions): void {
  const launch = { main, args, environment };
  const server = shareServer(launch);
  describe('tool definitions', () => testDefinitions(server, Object.keys(examples)));
  for (const [name, example] of Object.entries(examples)) describe(`tool ${name}`, () => testToolCalls(server, name, example));
  describe('command line', () => testCommandLine(server, launch));
  // The last one: it ends the shared processes.
  describe('start and end of the process', () => testLifeCycle(server));
}
