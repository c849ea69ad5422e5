import { parseArgs } from 'node:util';
import { didYouMean } from '@fairway-mcp/validation';
import { UsageError } from '../protocol/errors.ts';
import type { Setting } from './settings.ts';

export interface ParsedArguments {
  /** The arguments that are no flags: the command and its words. */
  words: string[];
  /** Texts by setting key. */
  flags: Record<string, string[]>;
  /** Flags that are not settings: `--help`, and those of a command. Switches are `true`. */
  options: Record<string, string>;
}

/** A flag that is not a setting. */
export interface ExtraFlag {
  name: string;
  takesValue: boolean;
}

/**
 * Reads the command line.
 * @throws UsageError for an unknown flag (with the nearest known one), a missing value, or a value for a switch that takes none.
 */
export function parseCommandLine(argv: readonly string[], settings: readonly Setting[], extras: readonly ExtraFlag[]): ParsedArguments {
  const switches = new Map<string, boolean>([
    ...settings.map((setting): [string, boolean] => [setting.flag.slice(2), setting.type === 'switch']),
    ...extras.map((extra): [string, boolean] => [extra.name, !extra.takesValue]),
  ]);
  const options = Object.fromEntries([...switches].map(([name, isSwitch]) => [name, { type: isSwitch ? 'boolean' : 'string' } as const]));
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const parsed: ParsedArguments = { words: [], flags: {}, options: {} };
  for (const token of tokens) {
    if (token.kind === 'positional') parsed.words.push(token.value);
    if (token.kind !== 'option') continue;
    const isSwitch = switches.get(token.name);
    if (isSwitch === undefined) throw unknownFlag(token.rawName, [...switches.keys()]);
    if (!isSwitch && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) {
      throw new UsageError(
        `${token.rawName} needs a value: ${token.rawName} ${settings.find((s) => s.flag === token.rawName)?.placeholder ?? 'VALUE'}`,
      );
    }
    const setting = settings.find((candidate) => candidate.flag === `--${token.name}`);
    if (setting === undefined) parsed.options[token.name] = token.value ?? 'true';
    else parsed.flags[setting.key] = [...(parsed.flags[setting.key] ?? []), token.value ?? 'true'];
  }
  return parsed;
}

function unknownFlag(rawName: string, known: readonly string[]): UsageError {
  const hint = didYouMean(rawName.replace(/^-+/, ''), known).replace(/"(.*)"/, '"--$1"');
  return new UsageError(`Unknown flag ${rawName}.${hint || ' Run with --help to see the flags.'}`);
}
