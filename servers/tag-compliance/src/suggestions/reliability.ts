import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { type Claim, type ClaimSource, claimsFor } from './claims.ts';
import { createSubject } from './subject.ts';
import type { TagIndex } from './tag-index.ts';
import { forEachYielding, type Yield } from './yielding.ts';

/** How often a claim like this one is right, from 0 to 1. */
export type Reliability = (claim: Claim, tag: string) => number;

/**
 * How often each kind of evidence is right when nothing is known of the inventory. Deliberately on the low side: the inventory itself
 * corrects it, tag by tag, where it has enough tagged resources.
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

/** As many observations as the expectation counts for. */
const WEIGHT = 6;
/** Tagged resources that are asked, each as if one of its tags were not known. More make the answer no better. */
const ASKED = 1500;
/** Some milliseconds of work. */
const AT_ONCE = 10;
/** Evidence of different strength is right differently often. Upper bounds of the classes that are told apart. */
const CLASSES = [0.35, 0.5, 0.65, 0.8, 0.9, 0.96];

/**
 * Finds out how often each kind of evidence is right in this inventory, by asking it about tags that are there: each is hidden in turn, and
 * what the evidence claims is compared with what stood there. Nothing that is hidden takes part in the claim.
 */
export async function measureReliability(index: TagIndex, policy: CompiledPolicy, yieldToOthers: Yield): Promise<Reliability> {
  const seen = new Map<string, { claims: number; right: number }>();
  const step = Math.max(1, Math.floor(index.resources.length / ASKED));
  const asked = index.resources.filter((_, position) => position % step === 0);
  await forEachYielding(asked, AT_ONCE, yieldToOthers, (resource) => observe(resource, index, policy, seen));
  return (claim, tag) => {
    const { claims, right } = seen.get(className(claim, tag)) ?? { claims: 0, right: 0 };
    return (right + EXPECTED[claim.source] * claim.strength * WEIGHT) / (claims + WEIGHT);
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
