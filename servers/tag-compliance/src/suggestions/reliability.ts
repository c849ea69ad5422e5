import { forEachYielding } from '@fairway-mcp/async';
import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { type Claim, type ClaimSource, claimsFor } from './claims.ts';
import { createSubject } from './subject.ts';
import type { TagIndex } from './tag-index.ts';

/** How often a claim like this one is right, from 0 to 1. */
export type Reliability = (claim: Claim, tag: string) => number;

/**
 * How often each kind of evidence is right when nothing is known of the inventory. Deliberately low: enough tagged resources correct it,
 * tag by tag.
 */
const EXPECTED: Readonly<Record<ClaimSource, number>> = {
  misspelt_key: 0.97,
  wrong_value: 0.95,
  related_key: 0.9,
  stage_in_name: 0.9,
  value_in_name: 0.8,
  name: 0.9,
  name_word: 0.75,
  other_tag: 0.75,
  parent_tag: 0.7,
  parent_name: 0.6,
  neighbours: 0.65,
  children: 0.85,
  principal_tag: 0.6,
  principal_name: 0.6,
  account: 0.6,
};

/** The expectation counts as this many observations. */
const PRIOR_OBSERVATIONS = 6;
/** How many resources are observed. More do not improve the result. */
const MAX_OBSERVED = 1500;
/** Upper bounds of the strength classes: evidence of different strength differs in reliability. */
const CLASSES = [0.35, 0.5, 0.65, 0.8, 0.9, 0.96];

/**
 * Measures how often each kind of evidence is right in this inventory: hides each existing tag in turn, and compares the claims for it
 * with its value. A hidden tag is not evidence for itself.
 */
export async function measureReliability(index: TagIndex, policy: CompiledPolicy): Promise<Reliability> {
  const seen = new Map<string, { claims: number; right: number }>();
  const step = Math.max(1, Math.floor(index.resources.length / MAX_OBSERVED));
  const observed = index.resources.filter((_, position) => position % step === 0);
  await forEachYielding(observed, (resource) => observe(resource, index, policy, seen));
  return (claim, tag) => {
    const { claims, right } = seen.get(className(claim, tag)) ?? { claims: 0, right: 0 };
    return (right + EXPECTED[claim.source] * claim.strength * PRIOR_OBSERVATIONS) / (claims + PRIOR_OBSERVATIONS);
  };
}

function observe(resource: Resource, index: TagIndex, policy: CompiledPolicy, seen: Map<string, { claims: number; right: number }>): void {
  const subject = createSubject(resource, index.inventory.parentsOf(resource), []);
  for (const rule of policy.rulesFor(resource.type)) {
    const own = policy.tagFor(rule, resource);
    if (own === undefined || rule.values.faultOf(own.value) !== undefined) continue;
    const { [own.key]: _, ...tags } = resource.tags;
    for (const claim of claimsFor({ ...subject, resource: { ...resource, tags } }, rule, index)) {
      const name = className(claim, rule.rule.name);
      const entry = seen.get(name) ?? { claims: 0, right: 0 };
      entry.claims++;
      if (claim.value === own.value) entry.right++;
      seen.set(name, entry);
    }
  }
}

function className({ source, detail, strength }: Claim, tag: string): string {
  return `${source} ${detail} ${tag} ${CLASSES.findIndex((bound) => strength <= bound)}`;
}
