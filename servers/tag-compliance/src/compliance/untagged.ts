import { forEachYielding } from '@fairway-mcp/async';
import * as z from 'zod';
import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { createExemptionTally, type ExemptCounts } from './exempt.ts';
import { amountSchema, parseAmount } from './money.ts';

export const untaggedSchema = z.object({
  arn: z.string(),
  type: z.string(),
  region: z.string(),
  account: z.string(),
  name: z.string(),
  /** `no_tags`: it has none except those that AWS sets. `missing_required`: tags that the policy requires are missing. */
  problem: z.enum(['no_tags', 'missing_required']),
  /** Keys of required tags that are missing, a misspelt one included. Empty when nothing is required of the type. */
  missing: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  created_at: z.string().optional(),
  /** Whole days since it was created; absent when the service does not tell. */
  age_days: z.int().optional(),
  /** Absent when it is not known, which is not zero. */
  monthly_cost: amountSchema.optional(),
});
export type Untagged = z.infer<typeof untaggedSchema>;

export interface UntaggedOptions {
  now: Date;
  /** Monthly cost by ARN, as decimal strings; leave out when costs were not requested. */
  costs?: ReadonlyMap<string, string>;
  /** Only what costs at least this much a month. What it costs must be known then. */
  minCost?: number;
}

export interface UntaggedResources {
  /** The most expensive first, then those of unknown cost; among equals the oldest first. */
  entries: Untagged[];
  /** Left out because of `minCost`: cheaper, and of unknown cost. */
  cheaper: number;
  unknown_cost: number;
  /** Left out because the policy exempts them, also those that have all their tags. */
  exempt: ExemptCounts;
}

/**
 * Resources without tags, or without a tag that the policy requires; not those that it exempts.
 * @throws the signal's reason when it fires first
 */
export async function findUntagged(
  resources: Iterable<Resource>,
  policy: CompiledPolicy,
  { now, costs, minCost }: UntaggedOptions,
  signal?: AbortSignal,
): Promise<UntaggedResources> {
  const exemptions = createExemptionTally(policy, now);
  const found = { entries: [] as Untagged[], cheaper: 0, unknown_cost: 0 };
  const add = (resource: Resource): void => {
    if (exemptions.leavesOut(resource)) return;
    const missing = missingTags(resource, policy);
    const hasNoTags = Object.keys(resource.tags).every((key) => /^aws:/i.test(key));
    if (!hasNoTags && missing.length === 0) return;
    const cost = parseAmount(costs?.get(resource.arn));
    if (minCost !== undefined && cost === undefined) found.unknown_cost++;
    else if (minCost !== undefined && cost?.lt(minCost)) found.cheaper++;
    else found.entries.push(describe(resource, missing, hasNoTags, now, cost?.toFixed()));
  };
  await forEachYielding(resources, add, signal);
  found.entries.sort(byCostThenAge);
  return { ...found, exempt: exemptions.result() };
}

/** Keys of the required tags that a resource does not have under the right key. */
export function missingTags(resource: Resource, policy: CompiledPolicy): string[] {
  return policy
    .rulesFor(resource.type)
    .filter((applied) => applied.isRequired && policy.tagFor(applied, resource) === undefined)
    .map(({ rule }) => rule.name);
}

function describe(resource: Resource, missing: string[], hasNoTags: boolean, now: Date, cost: string | undefined): Untagged {
  const { arn, type, region, account, name, tags, createdAt } = resource;
  const problem = hasNoTags ? 'no_tags' : 'missing_required';
  const age_days = ageInDays(createdAt, now);
  return {
    arn,
    type,
    region,
    account,
    name,
    problem,
    missing,
    tags: { ...tags },
    created_at: createdAt,
    age_days,
    monthly_cost: cost,
  };
}

/** Whole days; 0 when the clocks disagree and it was made in the future; `undefined` when it is not known. */
export function ageInDays(createdAt: string | undefined, now: Date): number | undefined {
  const created = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  return Number.isNaN(created) ? undefined : Math.max(0, Math.floor((now.getTime() - created) / 86_400_000));
}

function byCostThenAge(a: Untagged, b: Untagged): number {
  if (a.monthly_cost !== b.monthly_cost) {
    if (a.monthly_cost === undefined) return 1;
    if (b.monthly_cost === undefined) return -1;
    return Number(b.monthly_cost) - Number(a.monthly_cost);
  }
  return (b.age_days ?? -1) - (a.age_days ?? -1) || (a.arn < b.arn ? -1 : 1);
}
