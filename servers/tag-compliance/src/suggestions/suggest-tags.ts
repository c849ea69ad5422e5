import * as z from 'zod';
import type { Resource } from '../inventory/resource.ts';
import type { Surroundings } from '../inventory/source.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import type { AppliedRule } from '../policy/type-rules.ts';
import { claimsFor } from './claims.ts';
import { type Candidate, combine, type WeighedClaim } from './combine.ts';
import { describeArn } from './describe-arn.ts';
import { ownTags } from './own-tags.ts';
import { measureReliability, type Reliability } from './reliability.ts';
import { createSubject, type Subject } from './subject.ts';
import { indexTags, type TagIndex } from './tag-index.ts';

/** Suggestions below this would be wrong more often than right. */
export const CONFIDENCE_FLOOR = 0.5;

/**
 * The most that a suggestion is sure of against what the resource itself says by another tag: too little to act without asking. Agreement
 * around a resource is common and says little of the one that differs.
 */
export const DISPUTED_CONFIDENCE = CONFIDENCE_FLOOR;

/** The most that a suggestion is sure of when nothing but one other resource speaks for it: that may have a wrong value itself. */
const SINGLE_SAMPLE_CONFIDENCE = CONFIDENCE_FLOOR;

export const suggestionSchema = z.object({
  key: z.string(),
  value: z.string(),
  /** How likely the value is right, from 0 to 1, measured on the tagged resources of the inventory. */
  confidence: z.number().min(0).max(1),
  /** The strongest evidence, as sentences. */
  reason: z.string(),
  /** The strongest first; `supports: false` marks evidence for another value. */
  evidence: z.array(z.object({ text: z.string(), value: z.string(), weight: z.number().min(0).max(1), supports: z.boolean() })),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

export const suggestedTagsSchema = z.object({
  arn: z.string(),
  type: z.string(),
  /** Values for required tags that are missing or wrong. The most confident first. */
  suggestions: z.array(suggestionSchema),
  /** Required tags that are missing or wrong without enough evidence for a value. */
  undecided: z.array(z.string()),
});
export type SuggestedTags = z.infer<typeof suggestedTagsSchema>;

/** What was learned from the tagged resources of a scan, for any number of suggestions. */
export interface Learned {
  index: TagIndex;
  reliability: Reliability;
}

/** Takes a second or more; yields in between. */
export async function learnTags(inventory: readonly Resource[], policy: CompiledPolicy): Promise<Learned> {
  const index = await indexTags(inventory, policy);
  return { index, reliability: await measureReliability(index, policy) };
}

export interface SuggestionInput {
  arn: string;
  /** What is known around the resource; only the ARN is needed. */
  surroundings: Pick<Surroundings, 'resource' | 'parents' | 'principals'>;
  learned: Learned;
  policy: CompiledPolicy;
  floor?: number;
}

const EVIDENCE_SHOWN = 6;

/**
 * Suggests values for required tags that are missing or wrong: only values that the policy allows, with a confidence of at least `floor`.
 */
export function suggestTags({ arn, surroundings, learned, policy, floor = CONFIDENCE_FLOOR }: SuggestionInput): SuggestedTags {
  const resource = surroundings.resource ?? resourceFromArn(arn);
  const subject = createSubject(resource, parentsOf(resource, surroundings.parents, learned.index), surroundings.principals);
  const wanted = policy.rulesFor(resource.type).filter((rule) => rule.isRequired && !isRight(rule, resource, policy));
  const answers = wanted.map((rule) => answerFor(subject, rule, learned));
  const isConfident = ({ candidates: [best] }: Answer) => best !== undefined && round(best.confidence) >= floor;
  return {
    arn,
    type: resource.type,
    suggestions: answers
      .filter(isConfident)
      .map(suggestion)
      .sort((a, b) => b.confidence - a.confidence),
    undecided: answers.filter((answer) => !isConfident(answer)).map(({ rule }) => rule.rule.name),
  };
}

/** A resource that no scan has found, as its ARN describes it. */
function resourceFromArn(arn: string): Resource {
  const { type, account, region, name } = describeArn(arn) ?? { type: 'unknown', account: '', region: '', name: arn };
  return { arn, type, account, region, name, tags: {}, createdAt: undefined, parents: [] };
}

function parentsOf(resource: Resource, given: readonly Resource[], index: TagIndex): Resource[] {
  const all = [...given, ...index.inventory.parentsOf(resource)];
  return [...new Map(all.toReversed().map((parent) => [parent.arn, parent])).values()].toReversed();
}

function isRight(rule: AppliedRule, resource: Resource, policy: CompiledPolicy): boolean {
  const tag = policy.tagFor(rule, resource);
  return tag !== undefined && rule.values.faultOf(tag.value) === undefined;
}

/** What could be suggested for a tag. */
interface Answer {
  rule: AppliedRule;
  /** The most confident first; the confidence of a disputed one is limited. */
  candidates: readonly Candidate[];
  /** What the resource's own tags say against the first, as a sentence without a full stop. */
  dispute: string | undefined;
  /** The value that it has now, where nothing is known of what it means. */
  unexplained: string | undefined;
  /** The misspelt key under which the resource has the value. */
  misspelt: string | undefined;
}

function answerFor(subject: Subject, rule: AppliedRule, learned: Learned): Answer {
  const [best, ...others] = combine(weigh(subject, rule, learned));
  if (best === undefined) return { rule, candidates: [], dispute: undefined, unexplained: undefined, misspelt: undefined };
  const own = ownTags(subject.resource.tags, rule, learned.index.candidates(rule), learned.index);
  const isBacked = own.some(({ value }) => value === best.value);
  const dispute = isBacked ? undefined : own.find(({ isClear }) => isClear)?.text;
  const isSingle = best.claims.every((claim) => claim.isSingle);
  const confidence = Math.min(best.confidence, dispute === undefined ? 1 : DISPUTED_CONFIDENCE, isSingle ? SINGLE_SAMPLE_CONFIDENCE : 1);
  const misspelt = own.find(({ source, value }) => source === 'misspelt_key' && value === best.value)?.key;
  const unexplained = own.some(({ source }) => source === 'wrong_value') ? undefined : subject.resource.tags[rule.rule.name];
  return { rule, candidates: [{ ...best, confidence }, ...others], dispute, unexplained, misspelt };
}

function weigh(subject: Subject, rule: AppliedRule, { index, reliability }: Learned): WeighedClaim[] {
  return claimsFor(subject, rule, index).map((claim) => ({ ...claim, weight: reliability(claim, rule.rule.name) }));
}

function suggestion({ rule: { rule }, candidates: [best, ...others], dispute, unexplained, misspelt }: Answer): Suggestion {
  if (best === undefined) throw new RangeError('There is no candidate to suggest.');
  const supports = best.claims.map((claim) => ({ ...claim, supports: true }));
  const opposes = others.flatMap(({ claims }) => claims).map((claim) => ({ ...claim, supports: false }));
  const evidence = [...supports, ...opposes].sort((a, b) => b.weight - a.weight);
  const against = opposes.toSorted((a, b) => b.weight - a.weight)[0];
  const opposed = dispute ?? (against !== undefined && against.weight >= CONFIDENCE_FLOOR ? against.text : undefined);
  const reasons = [
    ...supports.slice(0, 2).map(({ text }) => text),
    ...(opposed === undefined ? [] : [`Against it: ${opposed}`]),
    ...(unexplained === undefined || unexplained.trim() === '' ? [] : [`It has ${rule.name}=${unexplained} now`]),
    ...(misspelt === undefined ? [] : [`Rename ${misspelt} to ${rule.name}`]),
  ];
  return {
    key: rule.name,
    value: best.value,
    confidence: round(best.confidence),
    reason: `${reasons.join('. ')}.`,
    evidence: distinct(evidence)
      .slice(0, EVIDENCE_SHOWN)
      .map(({ text, value, weight, supports: isFor }) => ({ text, value, weight: round(weight), supports: isFor })),
  };
}

function distinct<T extends { text: string }>(evidence: readonly T[]): T[] {
  return [...new Map(evidence.toReversed().map((entry) => [entry.text, entry])).values()].toReversed();
}

/** Two decimals, rounded down, so that no confidence is overstated. */
function round(number: number): number {
  return Math.floor(number * 100) / 100;
}
