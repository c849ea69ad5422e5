import type { Resource } from '../inventory/resource.ts';
import { fold, nearKeys, nearValue } from '../policy/near-miss.ts';
import type { AppliedRule } from '../policy/type-rules.ts';
import { stageValue } from './environments.ts';
import type { Feature, FeatureSource } from './features.ts';
import type { Named, Subject } from './subject.ts';
import type { CandidateValue, Distribution, TagIndex } from './tag-index.ts';
import { holdsWords } from './tokens.ts';

/** Where a claim comes from. */
export type ClaimSource =
  | FeatureSource
  | 'misspelt_key'
  | 'wrong_value'
  | 'related_key'
  | 'stage_in_name'
  | 'value_in_name'
  | 'parent_tag'
  | 'parent_name'
  | 'principal_tag'
  | 'principal_name';

/** What one piece of evidence says a tag's value is. */
export interface Claim {
  source: ClaimSource;
  /** What tells sources of one kind apart, such as the parent's type. */
  detail: string;
  value: string;
  /** How sure the evidence itself is, from 0 to 1, before it is known how often its kind is right. */
  strength: number;
  /** The evidence, as a sentence without a full stop. */
  text: string;
}

/** All that is known about a tag's value, and by what. Only values that the policy takes for right are claimed. */
export function claimsFor(subject: Subject, rule: AppliedRule, index: TagIndex): Claim[] {
  const candidates = index.candidates(rule);
  const claims = [
    ...ownTagClaims(subject.resource, rule, candidates, index),
    ...nameClaims(subject, candidates, ['stage_in_name', 'value_in_name'], '', 'Its name'),
    ...parentClaims(subject, rule, candidates),
    ...principalClaims(subject, rule, candidates, index),
    ...sharedClaims(subject, rule, index),
  ];
  return claims.filter(({ value }) => rule.values.faultOf(value) === undefined);
}

/** What stands on the resource already, under a wrong key or in a wrong spelling. */
function ownTagClaims({ tags }: Resource, rule: AppliedRule, candidates: readonly CandidateValue[], index: TagIndex): Claim[] {
  const { name } = rule.rule;
  return Object.entries(tags).flatMap(([key, value]): Claim[] => {
    const source = ownTagSource(key, name, index);
    const right = source && rightValue(value, rule, candidates);
    if (source === undefined || right === undefined) return [];
    const spelling = key === name ? '' : `${name} spelt `;
    const meaning = right === value ? '' : `, which means ${right}`;
    return [{ source, detail: '', value: right, strength: 1, text: `It has ${spelling}${key}=${value}${meaning}` }];
  });
}

function ownTagSource(key: string, name: string, index: TagIndex): ClaimSource | undefined {
  if (key === name) return 'wrong_value';
  if (index.isPolicyTag(key) || /^aws:/i.test(key)) return undefined;
  if (nearKeys(key, [name]).length > 0) return 'misspelt_key';
  return isRelated(key, name) ? 'related_key' : undefined;
}

/** The same key in another namespace, or its beginning: `acme:CostCenter`, `env`, `app`. */
function isRelated(key: string, name: string): boolean {
  const [found = '', wanted = ''] = [key, name].map((text) => fold(text.slice(text.search(/[^:/]*$/))));
  return found === wanted || (found.length >= 3 && wanted.startsWith(found));
}

/** The value itself, or the right one that it is a spelling of. */
function rightValue(value: string, rule: AppliedRule, candidates: readonly CandidateValue[]): string | undefined {
  if (value.trim() === '') return undefined;
  const fault = rule.values.faultOf(value);
  if (fault === undefined) return value;
  const values = candidates.map((candidate) => candidate.value);
  return fault.suggestion ?? nearValue(value, values) ?? stageValue(value, values)?.value;
}

/** Stages and values that a name has in it. */
function nameClaims(
  { names }: Named,
  candidates: readonly CandidateValue[],
  [stageSource, valueSource]: readonly [ClaimSource, ClaimSource],
  detail: string,
  whose: string,
): Claim[] {
  const values = candidates.map(({ value }) => value);
  return names.flatMap(({ words }) => {
    const stages = [...new Set(words)].flatMap((word): Claim[] => {
      const stage = stageValue(word, values);
      if (stage === undefined) return [];
      const how = stage.isExact ? 'exact' : 'nearest';
      return [{ source: stageSource, detail: `${detail} ${how}`, value: stage.value, strength: 1, text: `${whose} has "${word}" in it` }];
    });
    const held = candidates.filter((candidate) => holdsWords(words, candidate.words));
    return [
      ...stages,
      ...held.map(({ value }): Claim => ({ source: valueSource, detail, value, strength: 1, text: `${whose} has "${value}" in it` })),
    ];
  });
}

function parentClaims({ parents }: Subject, rule: AppliedRule, candidates: readonly CandidateValue[]): Claim[] {
  return parents.flatMap((parent) => {
    const { type, name, tags } = parent.resource;
    const whose = `The ${type} ${name} that it belongs to`;
    return [
      ...taggedClaim(tags, rule, { source: 'parent_tag', detail: type, whose }),
      ...nameClaims(parent, candidates, ['parent_name', 'parent_name'], type, `The name of the ${type} ${name} that it belongs to`),
    ];
  });
}

function principalClaims({ principals }: Subject, rule: AppliedRule, candidates: readonly CandidateValue[], index: TagIndex): Claim[] {
  return principals.flatMap((principal) => {
    const { relation, name, tags, features } = principal;
    const [whose, itsName] =
      relation === 'runs as'
        ? [`The role ${name} that it runs as`, `the name of the role ${name} that it runs as`]
        : [`${name}, who made it,`, `the name ${name} of who made it`];
    const learned = features.flatMap((feature) => sharedClaim(feature, index.commonest(feature, rule, undefined), rule));
    return [
      ...taggedClaim(tags, rule, { source: 'principal_tag', detail: relation, whose }),
      ...nameClaims(principal, candidates, ['principal_name', 'principal_name'], relation, itsName.replace('the', 'The')),
      ...learned.map((claim) => ({
        ...claim,
        source: 'principal_name' as const,
        detail: `${relation} learned`,
        text: `By ${itsName}: ${claim.text}`,
      })),
    ];
  });
}

function taggedClaim(
  tags: Resource['tags'],
  { rule: { name } }: AppliedRule,
  { source, detail, whose }: { source: ClaimSource; detail: string; whose: string },
): Claim[] {
  const value = tags[name];
  return value === undefined || value.trim() === '' ? [] : [{ source, detail, value, strength: 1, text: `${whose} has ${name}=${value}` }];
}

/** What resources that have something in common with this one have. */
function sharedClaims({ resource: { arn }, features }: Subject, rule: AppliedRule, index: TagIndex): Claim[] {
  const ownKey = rule.rule.name.toLowerCase();
  return features
    .filter(({ source, detail }) => source !== 'other_tag' || detail.toLowerCase() !== ownKey)
    .flatMap((feature) => sharedClaim(feature, index.commonest(feature, rule, feature.source === 'children' ? undefined : arn), rule));
}

/** One resource more that has something else is always thought of: a single one that agrees is no proof. */
function sharedClaim({ source, detail, shared }: Feature, found: Distribution | undefined, { rule: { name } }: AppliedRule): Claim[] {
  if (found === undefined) return [];
  const { value, count, of } = found;
  return [{ source, detail, value, strength: count / (of + 1), text: `${count} of ${of} tagged ${shared} have ${name}=${value}` }];
}
