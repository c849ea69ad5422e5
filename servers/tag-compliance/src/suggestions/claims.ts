import type { Resource } from '../inventory/resource.ts';
import type { AppliedRule } from '../policy/type-rules.ts';
import { stageValue } from './environments.ts';
import type { Feature, FeatureSource } from './features.ts';
import { ownTags } from './own-tags.ts';
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

/** One piece of evidence for the value of a tag. */
export interface Claim {
  source: ClaimSource;
  /** Distinguishes sources of one kind, such as the parent's type. */
  detail: string;
  value: string;
  /** How strong the evidence is by itself, from 0 to 1, before its kind's reliability is applied. */
  strength: number;
  /** The evidence, as a sentence without a full stop. */
  text: string;
  /** Only one other resource says so. */
  isSingle?: boolean;
}

/** All evidence for the value of a tag. Only values that the policy allows are claimed. */
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

/** Tags that the resource already has, under a wrong key or with a wrong value. */
function ownTagClaims({ tags }: Resource, rule: AppliedRule, candidates: readonly CandidateValue[], index: TagIndex): Claim[] {
  return ownTags(tags, rule, candidates, index).flatMap(({ source, value, text }) =>
    value === undefined ? [] : [{ source, detail: '', value, strength: 1, text }],
  );
}

/** Stages and values that a name contains. */
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

/** The values of resources that share a feature with this one. */
function sharedClaims({ resource: { arn }, features }: Subject, rule: AppliedRule, index: TagIndex): Claim[] {
  const ownKey = rule.rule.name.toLowerCase();
  return features
    .filter(({ source, detail }) => source !== 'other_tag' || detail.toLowerCase() !== ownKey)
    .flatMap((feature) => sharedClaim(feature, index.commonest(feature, rule, feature.source === 'children' ? undefined : arn), rule));
}

/** Counts one more resource than there is, with another value: a single one that agrees is no proof. */
function sharedClaim({ source, detail, shared }: Feature, found: Distribution | undefined, { rule: { name } }: AppliedRule): Claim[] {
  if (found === undefined) return [];
  const { value, count, of } = found;
  return [
    {
      source,
      detail,
      value,
      strength: count / (of + 1),
      isSingle: of === 1,
      text: `${count} of ${of} tagged ${shared} have ${name}=${value}`,
    },
  ];
}
