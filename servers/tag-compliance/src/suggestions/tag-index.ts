import { forEachYielding } from '@fairway-mcp/async';
import { indexResources, type ResourceIndex } from '../compliance/parents.ts';
import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { fold } from '../policy/near-miss.ts';
import type { AppliedRule } from '../policy/type-rules.ts';
import { hasWildcard } from '../policy/value-pattern.ts';
import { type Feature, featuresOf } from './features.ts';
import { tokensOf } from './tokens.ts';

/** The most common allowed value of a tag among resources that share a feature. */
export interface Distribution {
  value: string;
  /** Resources with this value, and resources with any allowed value. */
  count: number;
  of: number;
}

export interface CandidateValue {
  value: string;
  words: readonly string[];
  /** Without letter case and separators. */
  folded: string;
}

/** The tagged resources of an inventory, indexed by their features. */
export interface TagIndex {
  resources: readonly Resource[];
  inventory: ResourceIndex;
  /** The most common allowed value of a tag among the resources that share a feature. `except`: ARN of a resource that must not count. */
  commonest(feature: Feature, rule: AppliedRule, except: string | undefined): Distribution | undefined;
  /** The values that a name may contain: those that the policy lists, or else those that at least two resources have. */
  candidates(rule: AppliedRule): readonly CandidateValue[];
  /** Whether the policy has a tag of this name: its value is no evidence for other tags. */
  isPolicyTag(name: string): boolean;
}

/** More resources teach little more, and learning must not delay an answer. */
const MAX_RESOURCES = 50_000;

export async function indexTags(inventory: readonly Resource[], policy: CompiledPolicy): Promise<TagIndex> {
  const resources = sample(inventory, MAX_RESOURCES);
  const sharers = new Map<string, number[]>();
  await forEachYielding(resources.entries(), ([position, resource]) => {
    for (const { id } of featuresOf(resource)) {
      const list = sharers.get(id);
      if (list === undefined) sharers.set(id, [position]);
      else list.push(position);
    }
  });
  const positions = new Map(resources.map(({ arn }, position) => [arn, position]));
  const rightValues = remember((name: string) => resources.map((resource) => rightValueOf(resource, name, policy)));
  const names = new Set([...policy.policy.required_tags, ...policy.policy.optional_tags].map(({ name }) => name));
  const counts = remember2((id, name) => countValues(sharers.get(id) ?? [], rightValues(name)));
  const usedValues = remember((name: string) => {
    const all = countValues(resources.keys(), rightValues(name));
    return withWords([...all].filter(([, count]) => count > 1).map(([value]) => value));
  });
  const listedValues = rememberByReference(withWords);
  return {
    resources,
    inventory: indexResources(inventory),
    isPolicyTag: (name) => names.has(name),
    commonest(feature, { rule: { name } }, except) {
      return commonestOf(counts(feature.id, name), rightValues(name)[positions.get(except ?? '') ?? -1]);
    },
    candidates: ({ rule: { name, allowed_values: listed } }) =>
      listed === undefined || listed.some(hasWildcard) ? usedValues(name) : listedValues(listed),
  };
}

/** Every n-th resource, so that the result is deterministic. */
function sample(inventory: readonly Resource[], limit: number): readonly Resource[] {
  const step = Math.ceil(inventory.length / limit);
  return step <= 1 ? inventory : inventory.filter((_, index) => index % step === 0);
}

/** The value of a tag if it is allowed by the resource's own rule, or if no rule is about it. */
function rightValueOf(resource: Resource, name: string, policy: CompiledPolicy): string | undefined {
  const applied = policy.rulesFor(resource.type).find(({ rule }) => rule.name === name);
  if (applied === undefined) return resource.tags[name];
  const value = policy.tagFor(applied, resource)?.value;
  return value === undefined || applied.values.faultOf(value) !== undefined ? undefined : value;
}

function countValues(positions: Iterable<number>, values: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const position of positions) {
    const value = values[position];
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function commonestOf(counts: ReadonlyMap<string, number>, without: string | undefined): Distribution | undefined {
  let [best, most, of] = ['', 0, 0];
  for (const [value, all] of counts) {
    const count = value === without ? all - 1 : all;
    of += count;
    if (count > most || (count === most && count > 0 && value < best)) [best, most] = [value, count];
  }
  return most === 0 ? undefined : { value: best, count: most, of };
}

function withWords(values: readonly string[]): CandidateValue[] {
  return values.map((value) => ({ value, words: tokensOf(value), folded: fold(value) }));
}

function rememberByReference<K extends object, T>(compute: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, T>();
  return (key) => {
    const found = known.get(key) ?? compute(key);
    known.set(key, found);
    return found;
  };
}

function remember<T>(compute: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.get(name) ?? compute(name);
    known.set(name, found);
    return found;
  };
}

function remember2<T>(compute: (a: string, b: string) => T): (a: string, b: string) => T {
  const byFirst = remember((a) => remember((b) => compute(a, b)));
  return (a, b) => byFirst(a)(b);
}
