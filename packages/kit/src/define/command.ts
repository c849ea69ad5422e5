import { UsageError } from '../protocol/errors.ts';

/** A flag that only one command takes. */
export interface CommandFlag {
  description: string;
  /** What stands for its value in the help: `FILE`. Without one the flag is a switch. */
  placeholder?: string;
}

/** What a command can reach. */
export interface CommandContext<Services, Config> {
  /** The words after the command's name. */
  readonly words: readonly string[];
  /** Texts of the command's own flags; `true` for switches. */
  readonly flags: Readonly<Record<string, string>>;
  readonly config: Config;
  /** Starts what the tools work with, with the state and the upstreams. Closed when the command ends. */
  services(): Promise<Services>;
  /** Writes a line to stdout. */
  out(text: string): void;
  /** Writes a line to stderr. */
  err(text: string): void;
  /** Fires at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command of the server's own program, beside `doctor`, `keys` and `audit`. It may neither serve nor read what clients send. */
export interface Command<Services = unknown, Config = unknown> {
  /** One word or two: `lint`, `runs list`. */
  name: string;
  /** For the help, after the name: `FILE...`. */
  usage?: string;
  description: string;
  /** How many words it takes after its name. Default: none. */
  words?: { min: number; max: number };
  /** By name without dashes. Settings of the server cannot have the same name. */
  flags?: Readonly<Record<string, CommandFlag>>;
  /** @returns the exit code: 0 done, 1 failed. Throw a UsageError (2) when it was called wrongly. */
  run(context: CommandContext<Services, Config>): Promise<number> | number;
}

const RESERVED = new Set(['doctor', 'keys', 'audit']);

/** @throws TypeError when a name is malformed, taken or given twice */
export function checkCommands(commands: readonly Command[]): void {
  const names = commands.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (!/^[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)?$/.test(name))
      throw new TypeError(`"${name}" is not a command: use one or two lower-case words.`);
    if (RESERVED.has(name.split(' ')[0] ?? '')) throw new TypeError(`Every server has the command "${name.split(' ')[0]}" already.`);
    if (names.indexOf(name) !== index) throw new TypeError(`The command "${name}" is defined twice.`);
  }
}

/** The command that the words begin with; of two, the longer one. */
export function findCommand(commands: readonly Command[], words: readonly string[]): Command | undefined {
  const candidates = [words.slice(0, 2).join(' '), words[0]];
  return candidates.flatMap((name) => commands.filter((command) => command.name === name)).at(0);
}

/** The words that belong to a command. @throws UsageError when they are too few or too many */
export function wordsAfter({ name, usage = '', words: { min, max } = { min: 0, max: 0 } }: Command, words: readonly string[]): string[] {
  const rest = words.slice(name.split(' ').length);
  if (rest.length < min) throw new UsageError(`"${name}" needs more: ${name} ${usage}`);
  if (rest.length > max) throw new UsageError(`"${name}" does not take "${rest[max]}".`);
  return rest;
}
