import type { Claim, ClaimSource } from './claims.ts';

/** A claim and how likely it is right, from 0 to 1. */
export interface WeighedClaim extends Claim {
  weight: number;
}

/** A value, how likely it is right, and the evidence for it. */
export interface Candidate {
  value: string;
  confidence: number;
  /** The strongest first. */
  claims: readonly WeighedClaim[];
}

/** Claims of one family derive from one fact: three words of a name that agree are hardly more evidence than one. */
const FAMILY: Readonly<Record<ClaimSource, 'own tags' | 'name' | 'place' | 'principal' | 'account'>> = {
  misspelt_key: 'own tags',
  wrong_value: 'own tags',
  related_key: 'own tags',
  other_tag: 'own tags',
  stage_in_name: 'name',
  value_in_name: 'name',
  name: 'name',
  name_word: 'name',
  parent_tag: 'place',
  parent_name: 'place',
  neighbours: 'place',
  children: 'place',
  principal_tag: 'principal',
  principal_name: 'principal',
  account: 'account',
};

/** Nothing that is derived is certain. */
const MAX_CONFIDENCE = 0.99;

/**
 * Combines claims into one confidence for each value.
 *
 * 1. Of each family, the strongest claim for a value counts.
 * 2. Families that agree combine as independent evidence (noisy-or): `1 - (1 - a)(1 - b)`.
 * 3. Values compete by their odds, with one part for "something else": `odds(v) / (1 + all odds)`. So a single claim of 0.8 gives
 *    0.8, two that agree give more, and two equal ones that disagree give less than a half each.
 */
export function combine(claims: readonly WeighedClaim[]): Candidate[] {
  const byValue = Map.groupBy(claims, ({ value }) => value);
  const odds = new Map([...byValue].map(([value, some]) => [value, oddsOf(some)]));
  const all = [...odds.values()].reduce((sum, each) => sum + each, 1);
  return [...byValue]
    .map(([value, some]) => ({
      value,
      confidence: Math.min(MAX_CONFIDENCE, (odds.get(value) ?? 0) / all),
      claims: some.toSorted((a, b) => b.weight - a.weight),
    }))
    .sort((a, b) => b.confidence - a.confidence || (a.value < b.value ? -1 : 1));
}

function oddsOf(claims: readonly WeighedClaim[]): number {
  const strongest = new Map<string, number>();
  for (const { source, weight } of claims) strongest.set(FAMILY[source], Math.max(weight, strongest.get(FAMILY[source]) ?? 0));
  const doubt = [...strongest.values()].reduce((product, weight) => product * (1 - weight), 1);
  return (1 - doubt) / Math.max(doubt, 1e-6);
}
