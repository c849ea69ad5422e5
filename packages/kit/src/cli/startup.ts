import path from 'node:path';
import { createRedactor } from '@fairway-mcp/telemetry';
import { didYouMean } from '@fairway-mcp/validation';
import { type ExtraFlag, type ParsedArguments, parseCommandLine } from '../config/flags.ts';
import { defaultStateDir, type KitSettings, kitSettings } from '../config/kit-settings.ts';
import { collectSettings, type Environment, type LoadedSettings, validateSettings } from '../config/load.ts';
import { secretsOf } from '../config/secrets.ts';
import { asText, type Setting, settingsOf } from '../config/settings.ts';
import { type Command, findCommand, wordsAfter } from '../define/command.ts';
import type { ServerDescription } from '../define/server.ts';
import { UsageError } from '../protocol/errors.ts';

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

const EXTRA_FLAGS: readonly ExtraFlag[] = [
  { name: 'config', takesValue: true },
  { name: 'print-config', takesValue: false },
  { name: 'help', takesValue: false },
  { name: 'version', takesValue: false },
  { name: 'name', takesValue: true },
  { name: 'scopes', takesValue: true },
  { name: 'expires', takesValue: true },
  { name: 'expect', takesValue: true },
];
/** Flags that only one command takes. */
const COMMAND_OF_FLAG: Readonly<Record<string, string>> = {
  name: 'keys create',
  scopes: 'keys create',
  expires: 'keys create',
  expect: 'audit verify',
};

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

const COMMAND_FORMS = ['doctor', 'keys create', 'keys list', 'keys revoke', 'audit verify'];

/** @throws TypeError when a command's flag has the name of a setting */
function flagsOf(commands: readonly Command[], settings: readonly Setting[]): ExtraFlag[] {
  const taken = new Set([...settings.map(({ flag }) => flag.slice(2)), ...EXTRA_FLAGS.map(({ name }) => name)]);
  return commands.flatMap((command) =>
    Object.entries(command.flags ?? {}).map(([name, { placeholder }]) => {
      if (taken.has(name)) throw new TypeError(`The flag --${name} of "${command.name}" exists already.`);
      return { name, takesValue: placeholder !== undefined };
    }),
  );
}

function rejectUnknownCommand({ words, options }: ParsedArguments, commands: readonly Command[]): void {
  const [first] = words;
  const own = findCommand(commands, words);
  if (own !== undefined) wordsAfter(own, words);
  else if (first !== undefined) {
    const known = [...COMMAND_FORMS, ...commands.map(({ name }) => name)];
    const form = first === 'doctor' ? 'doctor' : words.slice(0, 2).join(' ');
    if (!COMMAND_FORMS.includes(form))
      throw new UsageError(`Unknown command "${form}".${didYouMean(form, known)} Commands: ${known.join(', ')}.`);
    const maxWords = form === 'doctor' ? 1 : form === 'keys revoke' ? 3 : 2;
    if (words.length > maxWords) throw new UsageError(`"${form}" does not take "${words[maxWords]}".`);
  }
  for (const command of commands) {
    const foreign =
      command === own
        ? undefined
        : Object.keys(command.flags ?? {}).find((name) => options[name] !== undefined && own?.flags?.[name] === undefined);
    if (foreign !== undefined) throw new UsageError(`--${foreign} belongs to "${command.name}".`);
  }
  const stray = Object.entries(COMMAND_OF_FLAG).find(([name, form]) => options[name] !== undefined && words.slice(0, 2).join(' ') !== form);
  if (stray !== undefined) throw new UsageError(`--${stray[0]} belongs to "${stray[1]}".`);
}
