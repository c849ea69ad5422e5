import path from 'node:path';
import { createRedactor } from '@fairway-mcp/telemetry';
import { didYouMean } from '@fairway-mcp/validation';
import { type ExtraFlag, type ParsedArguments, parseCommandLine } from '../config/flags.ts';
import { defaultStateDir, type KitSettings, kitSettings } from '../config/kit-settings.ts';
import { collectSettings, type Environment, type LoadedSettings, spelling, validateSettings } from '../config/load.ts';
import { secretsOf } from '../config/secrets.ts';
import { asText, type Setting, settingsOf } from '../config/settings.ts';
import { type Command, findCommand, wordsAfter } from '../define/command.ts';
import type { ServerDescription } from '../define/server.ts';
import { UsageError } from '../protocol/errors.ts';
import { checkTokenScopes } from '../server/known-scopes.ts';

/** Everything that the command line, the environment and the configuration file say. */
export interface Startup {
  own: readonly Setting[];
  common: readonly Setting[];
  command: ParsedArguments;
  loaded: LoadedSettings;
  settings: KitSettings;
  config: Record<string, unknown>;
  stateDir: string;
  /** The values of all secret settings that are set, and the credentials inside the addresses of others. */
  secrets: readonly string[];
}

/** Flags that only one command of every server takes, each with a value. A server's own commands may have flags of these names too. */
const COMMAND_OF_FLAG: ReadonlyMap<string, string> = new Map([
  ['name', 'keys create'],
  ['scopes', 'keys create'],
  ['expires', 'keys create'],
  ['expect', 'audit verify'],
  ['since', 'audit show'],
  ['principal', 'audit show'],
  ['tool', 'audit show'],
  ['limit', 'audit show'],
]);
const GLOBAL_FLAGS: readonly ExtraFlag[] = [
  { name: 'config', takesValue: true },
  { name: 'print-config', takesValue: false },
  { name: 'help', takesValue: false },
  { name: 'version', takesValue: false },
];
const EXTRA_FLAGS: readonly ExtraFlag[] = [...GLOBAL_FLAGS, ...[...COMMAND_OF_FLAG.keys()].map((name) => ({ name, takesValue: true }))];

export interface CommandLine {
  own: readonly Setting[];
  common: readonly Setting[];
  command: ParsedArguments;
}

/** @throws UsageError */
export function readCommandLine({ definition }: ServerDescription, argv: readonly string[]): CommandLine {
  const own = settingsOf(definition.config);
  const common = settingsOf(kitSettings);
  const clash = own.find((setting) => common.some((other) => other.key === setting.key));
  if (clash !== undefined) throw new TypeError(`${definition.name} defines the setting "${clash.key}", which every server has already.`);
  const { commands = [] } = definition;
  const command = parseCommandLine(argv, [...own, ...common], [...EXTRA_FLAGS, ...flagsOf(commands, [...own, ...common])]);
  rejectUnknownCommand(command, commands);
  return { own, common, command };
}

/** @throws UsageError */
export function readSettings(description: ServerDescription, line: CommandLine, environment: Environment): Startup {
  const { definition } = description;
  const all = [...line.own, ...line.common];
  const loaded = collectSettings({ settings: all, flags: line.command.flags, environment, file: line.command.options.config });
  const settings = validateSettings(kitSettings, line.common, loaded);
  const config = validateSettings(definition.config, line.own, loaded);
  const bearerScopes = line.common.find(({ key }) => key === 'bearerScopes');
  if (bearerScopes !== undefined) checkTokenScopes(definition, settings.bearerScopes, spelling(bearerScopes, loaded.sources.bearerScopes));
  const secrets = all.flatMap((setting) => secretsOf(setting, loaded.values[setting.key]));
  const stateDir = path.resolve(settings.stateDir ?? defaultStateDir(definition.name, environment));
  return { ...line, loaded, settings, config, secrets, stateDir };
}

/** What `--print-config` shows: every setting, its value and where it comes from; secrets masked. */
export function describeSettings({ own, common, loaded, settings, config, stateDir, secrets }: Startup): string {
  const redactor = createRedactor(secrets);
  const values: Record<string, unknown> = { ...settings, ...config, stateDir };
  const lines = [...own, ...common].map((setting) => {
    const value = values[setting.key];
    const shown = value === undefined ? '(not set)' : setting.secret ? '(set, hidden)' : redactor.text(asText(value)) || '(empty)';
    return `${setting.key} = ${shown}  # ${loaded.sources[setting.key]}; ${setting.flag}, ${setting.env}`;
  });
  return lines.join('\n');
}

/** The commands of every server, with the number of words that each takes. */
const COMMAND_WORDS: ReadonlyMap<string, number> = new Map([
  ['doctor', 1],
  ['keys create', 2],
  ['keys list', 2],
  ['keys revoke', 3],
  ['audit show', 2],
  ['audit verify', 2],
]);
const COMMAND_FORMS = [...COMMAND_WORDS.keys()];

/** @throws TypeError when a command's flag has the name of a setting, or of a flag that takes a value where this one does not */
function flagsOf(commands: readonly Command[], settings: readonly Setting[]): ExtraFlag[] {
  const taken = new Set([...settings.map(({ flag }) => flag.slice(2)), ...GLOBAL_FLAGS.map(({ name }) => name)]);
  return commands.flatMap((command) =>
    Object.entries(command.flags ?? {}).map(([name, { placeholder }]) => {
      const takesValue = placeholder !== undefined;
      if (taken.has(name) || (!takesValue && COMMAND_OF_FLAG.has(name)))
        throw new TypeError(`The flag --${name} of "${command.name}" exists already.`);
      return { name, takesValue };
    }),
  );
}

function rejectUnknownCommand({ words, options }: ParsedArguments, commands: readonly Command[]): void {
  const own = findCommand(commands, words);
  if (own === undefined) rejectUnknownWords(words, commands);
  else wordsAfter(own, words);
  const form = words.slice(0, 2).join(' ');
  const isTaken = (name: string) => own?.flags?.[name] !== undefined || COMMAND_OF_FLAG.get(name) === form;
  for (const name of Object.keys(options)) {
    const owner = COMMAND_OF_FLAG.get(name) ?? commands.find(({ flags = {} }) => Object.hasOwn(flags, name))?.name;
    if (owner !== undefined && !isTaken(name)) throw new UsageError(`--${name} belongs to "${owner}".`);
  }
}

function rejectUnknownWords(words: readonly string[], commands: readonly Command[]): void {
  const [first] = words;
  if (first === undefined) return;
  const form = first === 'doctor' ? 'doctor' : words.slice(0, 2).join(' ');
  const maxWords = COMMAND_WORDS.get(form);
  if (maxWords === undefined) throw unknownCommand(form, commands);
  if (words.length > maxWords) throw new UsageError(`"${form}" does not take "${words[maxWords]}".`);
}

function unknownCommand(form: string, commands: readonly Command[]): UsageError {
  const known = [...COMMAND_FORMS, ...commands.map(({ name }) => name)];
  const below = known.filter((name) => name.startsWith(`${form} `));
  if (below.length > 0) return new UsageError(`"${form}" needs to be told what to do: ${below.join(', ')}. Run with --help to see more.`);
  return new UsageError(`Unknown command "${form}".${didYouMean(form, known)} Commands: ${known.join(', ')}.`);
}
