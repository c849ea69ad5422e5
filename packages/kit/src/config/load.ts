import { didYouMean, explainIssues, fieldProblems } from '@fairway-mcp/validation';
import type * as z from 'zod';
import { UsageError } from '../protocol/errors.ts';
import { readTextFile } from './read-text-file.ts';
import type { Setting } from './settings.ts';

/** Far more than anybody writes. */
const MAX_SECRET_BYTES = 100_000;
const MAX_SETTINGS_BYTES = 1_000_000;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a value came from, for `--print-config` and for error messages. */
export type Source = 'flag' | 'environment' | 'file' | 'default';

export interface LoadedSettings {
  values: Record<string, unknown>;
  sources: Record<string, Source>;
}

export interface LoadOptions {
  settings: readonly Setting[];
  /** Values by setting key, as texts in the order given. Switches without a value are `true`. */
  flags: Readonly<Record<string, readonly string[]>>;
  environment: Environment;
  /** Path of the configuration file, when one was named. */
  file: string | undefined;
  /** Names that start with FAIRWAY_ but belong to something else than a setting. */
  otherNames?: readonly string[];
}

/**
 * Collects every setting's raw value: flag, then environment (`NAME` or `NAME_FILE` for secrets), then file. Defaults are
 * left to the schema.
 * @throws UsageError naming the nearest right name for an unknown one, or the file that cannot be read.
 */
export function collectSettings({ settings, flags, environment, file, otherNames = [] }: LoadOptions): LoadedSettings {
  rejectUnknownNames(settings, environment, otherNames);
  if (file !== undefined) rejectEmptyPath('--config', file);
  const fromFile = file === undefined ? {} : readSettingsFile(file, settings);
  const loaded: LoadedSettings = { values: {}, sources: {} };
  for (const setting of settings) {
    const found = findValue(setting, flags[setting.key], environment, fromFile[setting.key]);
    loaded.sources[setting.key] = found?.source ?? 'default';
    if (found === undefined) continue;
    if (setting.path !== undefined) rejectEmptyPath(spelling(setting, found.source), found.value);
    loaded.values[setting.key] = found.value;
  }
  return loaded;
}

/** Validates collected values against the schema that they belong to. Problems name the setting as it was written. */
export function validateSettings<S extends z.ZodObject>(schema: S, settings: readonly Setting[], loaded: LoadedSettings): z.output<S> {
  const keys = new Set(Object.keys(schema.shape));
  const own = Object.fromEntries(Object.entries(loaded.values).filter(([key]) => keys.has(key)));
  const result = schema.safeParse(own);
  if (result.success) return result.data;
  const { problems, more } = fieldProblems(result.error);
  const named = problems.map(({ field, problem }) => {
    const setting = settings.find((candidate) => candidate.key === field.split(/[.[]/)[0]);
    return { field: setting === undefined ? field : spelling(setting, loaded.sources[setting.key]), problem };
  });
  throw new UsageError(`Wrong setting: ${explainIssues({ problems: named, more })}.`);
}

/** The setting as the operator wrote it: its flag, its variable, or its name in the file. */
export function spelling(setting: Setting, source: Source | undefined): string {
  if (source === 'environment') return setting.env;
  return source === 'file' ? `"${setting.key}" in the configuration file` : setting.flag;
}

function findValue(
  setting: Setting,
  flag: readonly string[] | undefined,
  environment: Environment,
  inFile: unknown,
): { value: unknown; source: Source } | undefined {
  if (flag !== undefined && flag.length > 0)
    return { value: readText(setting, setting.type === 'list' ? flag.join(',') : (flag.at(-1) ?? ''), setting.flag), source: 'flag' };
  const direct = environment[setting.env];
  if (direct !== undefined && (direct !== '' || setting.secret))
    return { value: readText(setting, direct, setting.env), source: 'environment' };
  const indirect = setting.secret ? environment[`${setting.env}_FILE`] : undefined;
  if (indirect !== undefined) return { value: readSecretFile(`${setting.env}_FILE`, indirect), source: 'environment' };
  if (setting.secret && inFile === '') throw emptySecret(`"${setting.key}" in the configuration file`);
  return inFile === undefined ? undefined : { value: inFile, source: 'file' };
}

/**
 * A secret that is set but empty is one that got lost on its way, such as a variable that does not exist. Going on without it could leave a
 * server open, or its state in another place than the operator thinks.
 */
function emptySecret(name: string): UsageError {
  return new UsageError(`${name} is set, but empty. Give it a value, or do not set it.`);
}

/** It would mean the current folder, or a folder with a blank for a name. */
function rejectEmptyPath(name: string, value: unknown): void {
  if (typeof value === 'string' && value.trim() === '') throw new UsageError(`${name} is set, but empty. Name a path, or do not set it.`);
}

function readText(setting: Setting, text: string, name: string): unknown {
  if (setting.secret && text.trim() === '') throw emptySecret(name);
  if (setting.type === 'list')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (setting.type === 'number') {
    const number = Number(text);
    if (text.trim() === '' || Number.isNaN(number)) throw new UsageError(`${name} must be a number, not "${text}".`);
    return number;
  }
  if (setting.type === 'switch') {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
    throw new UsageError(`${name} must be true or false, not "${text}".`);
  }
  return text;
}

function readSecretFile(name: string, file: string): string {
  if (file.trim() === '') throw emptySecret(name);
  let text: string;
  try {
    text = readTextFile(file, MAX_SECRET_BYTES).trim();
  } catch (error) {
    throw new UsageError(`${name} names ${file}, which cannot be read (${reasonOf(error)}).`);
  }
  if (text === '') throw new UsageError(`${name} names ${file}, which is empty. Write the secret into it, or do not set ${name}.`);
  return text;
}

function readSettingsFile(file: string, settings: readonly Setting[]): Record<string, unknown> {
  let text: string;
  try {
    text = readTextFile(file, MAX_SETTINGS_BYTES);
  } catch (error) {
    throw new UsageError(`The configuration file ${file} cannot be read: ${reasonOf(error)}.`);
  }
  const parsed = parseSettings(file, text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`The configuration file ${file} must hold one JSON object of settings.`);
  }
  const known = settings.map((setting) => setting.key);
  const unknown = Object.keys(parsed).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new UsageError(
      `The configuration file ${file} has an unknown setting "${unknown}".${didYouMean(unknown, known) || ` Known: ${known.join(', ')}.`}`,
    );
  }
  return parsed as Record<string, unknown>;
}

/** The parser's message quotes the text around the error, which may be a secret: only its place is reported. */
function parseSettings(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, place] = /\((line \d+ column \d+)\)/.exec(reasonOf(error)) ?? [];
    throw new UsageError(`The configuration file ${file} is not valid JSON${place === undefined ? '' : ` (${place})`}.`);
  }
}

function rejectUnknownNames(settings: readonly Setting[], environment: Environment, otherNames: readonly string[]): void {
  const known = new Set([
    ...settings.flatMap((setting) => (setting.secret ? [setting.env, `${setting.env}_FILE`] : [setting.env])),
    ...otherNames,
  ]);
  for (const name of Object.keys(environment)) {
    if (name.startsWith('FAIRWAY_') && !known.has(name)) {
      const hint = didYouMean(name, known) || ' Run with --help to see the settings.';
      throw new UsageError(`The environment has an unknown setting ${name}.${hint}`);
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
