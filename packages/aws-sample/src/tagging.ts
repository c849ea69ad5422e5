import type { Random } from './random.ts';
import type { TagFlaw, Tags } from './types.ts';

/** What decides how a resource got its tags. */
export interface TagHabits {
  /** The tags that it should have. */
  truth: Tags;
  /** 0 hardly ever right, 1 nearly always. */
  discipline: number;
  /** How many times as likely as usual it is that this kind of resource is never tagged. */
  neglect: number;
  /** The `Name` tag, for what has one. */
  nameTag: string | undefined;
  /** Further tags: optional ones, and those that AWS sets. */
  extras: Tags;
}

/** The tags that a resource has, and what is wrong with them. `aws:` tags in the extras are never lost. */
export function generateTags(random: Random, habits: TagHabits): { tags: Tags | undefined; flaw: TagFlaw } {
  const { truth, nameTag, extras } = habits;
  const flaw = chooseFlaw(random, habits);
  const own = Object.entries(extras).filter(([key]) => key.startsWith('aws:'));
  if (flaw === 'never_tagged' || flaw === 'emptied') {
    const untouched = flaw === 'never_tagged' && own.length === 0;
    return { tags: untouched ? undefined : Object.fromEntries(own), flaw };
  }
  const named: Tags = nameTag === undefined ? {} : { Name: nameTag };
  return { tags: { ...named, ...FLAWS[flaw](random, truth), ...extras }, flaw };
}

function chooseFlaw(random: Random, { discipline, neglect }: TagHabits): TagFlaw {
  const sloppiness = (1 - discipline) / 0.25;
  const odds: readonly (readonly [TagFlaw, number])[] = [
    ['never_tagged', Math.min(0.9, 0.06 * sloppiness * neglect)],
    ['emptied', 0.015 * sloppiness],
    ['missing', 0.13 * sloppiness],
    ['misspelt_key', 0.05 * sloppiness],
    ['wrong_value', 0.07 * sloppiness],
  ];
  let roll = random.next();
  for (const [flaw, probability] of odds) {
    if (roll < probability) return flaw;
    roll -= probability;
  }
  return 'none';
}

const FLAWS: Readonly<Record<'none' | 'missing' | 'misspelt_key' | 'wrong_value', (random: Random, truth: Tags) => Tags>> = {
  none: (_random, truth) => truth,
  missing: dropSome,
  misspelt_key: misspellKey,
  wrong_value: spoilValue,
};

/** Mostly one tag is forgotten, sometimes all but one. */
function dropSome(random: Random, truth: Tags): Tags {
  const keys = Object.keys(truth);
  const lost = new Set(random.chance(0.6) ? [random.pick(keys)] : keys.filter(() => random.chance(0.5)));
  if (lost.size === 0) lost.add(random.pick(keys));
  return Object.fromEntries(Object.entries(truth).filter(([key]) => !lost.has(key)));
}

const MISSPELT_KEYS: Readonly<Record<string, readonly string[]>> = {
  CostCenter: ['costcenter', 'CostCentre', 'cost-center', 'COSTCENTER', 'Cost_Center', 'CostCetner'],
  Environment: ['environment', 'Enviroment', 'ENVIRONMENT', 'Environmnet', 'Envrionment'],
  Owner: ['owner', 'OWNER', 'Onwer', 'Owners'],
  Application: ['application', 'Aplication', 'APPLICATION', 'Applicaton'],
  DataClassification: ['dataclassification', 'data-classification', 'DataClassifcation', 'Data_Classification'],
};

function misspellKey(random: Random, truth: Tags): Tags {
  const key = random.pick(Object.keys(truth));
  const wrong = random.pick(MISSPELT_KEYS[key] ?? [key.toLowerCase()]);
  return Object.fromEntries(Object.entries(truth).map(([name, value]) => [name === key ? wrong : name, value]));
}

const WRONG_VALUES: Readonly<Record<string, (value: string) => readonly string[]>> = {
  CostCenter: (value) => [value.slice(3), value.toLowerCase(), value.replace('-', '_'), 'TBD', 'CC-0'],
  Environment: (value) => [title(value), value.toUpperCase(), ENVIRONMENT_SHORTHANDS[value] ?? 'live', swapLetters(value), 'live'],
  Owner: (value) => [value.replace(/@.*/, ''), title(value), value.replace('.example', ''), 'unknown', 'jane'],
  Application: (value) => [title(value), swapLetters(value), `${value}-app`, 'unknown', 'n/a'],
  DataClassification: (value) => [title(value), value.toUpperCase(), swapLetters(value), 'secret', 'PII'],
};

const ENVIRONMENT_SHORTHANDS: Readonly<Record<string, string>> = {
  production: 'prod',
  staging: 'stage',
  development: 'dev',
  sandbox: 'sbx',
};

function spoilValue(random: Random, truth: Tags): Tags {
  const key = random.pick(Object.keys(truth));
  const value = truth[key] ?? '';
  return { ...truth, [key]: random.pick(WRONG_VALUES[key]?.(value) ?? ['']) };
}

function title(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A typing mistake: the third and fourth letter swapped, or the last letter doubled where that changes nothing. */
function swapLetters(text: string): string {
  const swapped = text.slice(0, 2) + text.slice(3, 4) + text.slice(2, 3) + text.slice(4);
  return swapped === text ? text + text.slice(-1) : swapped;
}
