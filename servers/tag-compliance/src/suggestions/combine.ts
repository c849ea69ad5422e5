import type { Claim, ClaimSource } from './claims.ts';

/** A claim and how likely it is right, from 0 to 1. */
export interface WeighedClaim extends Claim {
  weight: number;
}

/** A value, how likely it is the right one, and what speaks for it. */
export interface Candidate {
  value: string;
  confidence: number;
  /** The strongest first. */
  claims: readonly WeighedClaim[];
}

/** Claims of one family come from one fact: that three words of a name agree is hardly more than one that does. */
const FAMILY: Readonly<Record<ClaimSource, 'own tags' | 'name' | 'place' | 'people' | 'account'>> = {
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
  principal_tag: 'people',
  principal_name: 'people',
  account: 'account',
};

/** Nothing that is derived is certain. */
const MOST = 0.99;

/**
 * Weighs what the evidence says into one likelihood for each value.
 *
 * 1. Of each family, the strongest claim for a value counts.
 * 2. Families that agree add up as independent witnesses do (noisy-or): `1 - (1 - a)(1 - b)`.
 * 3. Values compete by their odds, with one part for "something else": `odds(v) / (1 + all odds)`. So a single witness of 0.8 gives
 *    0.8, two that agree more, and two equal ones that disagree less than a half each.
 */
export function combine(claims: readonly WeighedClaim[]): Candidate[] {
  const byValue = Map.groupBy(claims, ({ value }) => value);
  const odds = new Map([...byValue].map(([value, some]) => [value, oddsOf(some)]));
  const all = [...odds.values()].reduce((sum, each) => sum + each, 1);
  return [...byValue]
    .map(([value, some]) => ({
      value,
      confidence: Math.min(MOST, (odds.get(value) ?? 0) / all),
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
