import type { Resource } from '../inventory/resource.ts';
import { describeArn } from './describe-arn.ts';
import { isStageWord } from './environments.ts';
import { tokensOf } from './tokens.ts';

/** Kinds of features that resources share and that predict their tags. */
export type FeatureSource = 'name_word' | 'name' | 'other_tag' | 'neighbours' | 'children' | 'account';

export interface Feature {
  /** Equal for all resources that share it. */
  id: string;
  source: FeatureSource;
  /** Distinguishes sources of different reliability: the kind of place, the key of the tag. */
  detail: string;
  /** The resources that share it, in words: `resources with "payments" in their name`. */
  shared: string;
}

/** Tags that name the resource itself, as its name does. */
const NAME_TAG = 'Name';
const LONGEST_VALUE = 100;

/** The features of a resource. */
export function featuresOf(resource: Pick<Resource, 'arn' | 'name' | 'tags' | 'parents' | 'account'>): Feature[] {
  return [
    ...nameFeatures(nameWords(resource)),
    ...tagFeatures(resource.tags),
    ...placeFeatures(resource),
    ...accountFeatures(resource.account),
  ];
}

/** The words of a resource's names: its own, its Name tag, and what its ARN adds (a cluster, a path). */
export function nameWords({ arn, name, tags }: Pick<Resource, 'arn' | 'name' | 'tags'>): string[] {
  const own = tokensOf(name);
  return [...new Set([...own, ...tokensOf(tags[NAME_TAG] ?? ''), ...(describeArn(arn)?.tokens ?? [])])];
}

/** Single words, pairs of adjacent words, and the whole name without its stage. */
export function nameFeatures(words: readonly string[]): Feature[] {
  const telling = words.filter((word) => !isStageWord(word));
  const pairs = telling.slice(1).map((word, index) => `${telling[index]} ${word}`);
  const feature = (source: FeatureSource, text: string): Feature => ({
    id: `${source} ${text}`,
    source,
    detail: '',
    shared: source === 'name' ? `resources called "${text}"` : `resources with "${text}" in their name`,
  });
  return [
    ...[...telling, ...pairs].map((text) => feature('name_word', text)),
    ...(telling.length > 1 ? [feature('name', telling.join(' '))] : []),
  ];
}

function tagFeatures(tags: Resource['tags']): Feature[] {
  return Object.entries(tags)
    .filter(([key, value]) => key !== NAME_TAG && value !== '' && value.length <= LONGEST_VALUE)
    .map(([key, value]) => ({
      id: `tag ${key}=${value}`,
      source: 'other_tag',
      detail: key,
      shared: `resources with the tag ${key}=${value}`,
    }));
}

/** Resources in the same places. */
function placeFeatures({ account, parents }: Pick<Resource, 'account' | 'parents'>): Feature[] {
  return parents.map((id) => ({ id: placeId(account, id), source: 'neighbours', detail: placeKind(id), shared: `resources in ${id}` }));
}

/** The feature that the children of this resource share. */
export function childrenFeatures({ account, arn }: Pick<Resource, 'account' | 'arn'>): Feature[] {
  const names = [arn, arn.slice(arn.search(/[^/:]*$/))];
  return names.map((name) => ({ id: placeId(account, name), source: 'children', detail: '', shared: 'resources that belong to it' }));
}

/** Only ARNs are unique beyond an account: clusters and databases are called by their names. */
function placeId(account: string, name: string): string {
  return name.startsWith('arn:') ? `in ${name}` : `in ${account} ${name}`;
}

/** `vpc`, `subnet`, `i`; for ARNs the type. */
function placeKind(id: string): string {
  return describeArn(id)?.type ?? id.slice(0, Math.max(0, id.indexOf('-')));
}

function accountFeatures(account: string): Feature[] {
  return account === '' ? [] : [{ id: `account ${account}`, source: 'account', detail: '', shared: `resources of account ${account}` }];
}
