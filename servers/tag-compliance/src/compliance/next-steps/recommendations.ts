import type Big from 'big.js';
import * as z from 'zod';
import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { severitySchema } from '../policy/policy.ts';
import { someOf, type Violation, violationKindSchema } from '../policy/violation.ts';
import { amountSchema, formatAmount, parseAmount, ZERO } from './money.ts';
import { indexResources, type ResourceIndex } from './parents.ts';

/** One step that corrects several resources at once. */
export const recommendationSchema = z.object({
  /** What is wrong, on how many, and what to do, as a sentence. */
  action: z.string(),
  kind: violationKindSchema,
  severity: severitySchema,
  tag: z.string(),
  type: z.string(),
  region: z.string(),
  /** Resources that the step corrects, and how many there are of this type in this region. */
  resources: z.int(),
  of: z.int(),
  /** What those of known cost cost in a month; absent when none is known. */
  monthly_cost: amountSchema.optional(),
  /** Some of the resources, as ARNs. */
  examples: z.array(z.string()),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

export interface RecommendationInput {
  resources: readonly Resource[];
  violations: readonly Violation[];
  policy: CompiledPolicy;
  /** Monthly cost by ARN, as decimal strings. */
  costs?: ReadonlyMap<string, string>;
  /** How many steps to name. */
  limit?: number;
}

interface Group {
  first: Violation;
  arns: Set<string>;
}

const EXAMPLES = 3;

/** Next steps, in order of cost, then of the number of resources. */
export function recommend({ resources, violations, policy, costs, limit = 10 }: RecommendationInput): Recommendation[] {
  const index = indexResources(resources);
  const totals = new Map<string, number>();
  for (const { type, region } of resources) totals.set(`${type} ${region}`, (totals.get(`${type} ${region}`) ?? 0) + 1);

  const steps = [...groupViolations(violations).values()].map((group) => ({ group, cost: costOf(group.arns, costs) }));
  steps.sort((a, b) => (b.cost ?? ZERO).cmp(a.cost ?? ZERO) || b.group.arns.size - a.group.arns.size || compare(a.group, b.group));
  return steps.slice(0, limit).map(({ group, cost }) => {
    const { kind, severity, tag, type, region } = group.first;
    const of = totals.get(`${type} ${region}`) ?? group.arns.size;
    return {
      action: describe(group, of, index, policy),
      ...{ kind, severity, tag, type, region, of },
      resources: group.arns.size,
      monthly_cost: cost && formatAmount(cost),
      examples: [...group.arns].sort().slice(0, EXAMPLES),
    };
  });
}

/** Groups violations that the same change corrects. */
function groupViolations(violations: readonly Violation[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const violation of violations) {
    const name = groupName(violation);
    const group = groups.get(name) ?? { first: violation, arns: new Set() };
    group.arns.add(violation.arn);
    groups.set(name, group);
  }
  return groups;
}

function groupName({ kind, tag, type, region, found, suggestion, current_value }: Violation): string {
  const change = kind === 'near_miss_key' ? [found] : kind === 'near_miss_value' ? [current_value, suggestion] : [];
  return JSON.stringify([kind, tag, type, region, ...change]);
}

function compare(a: Group, b: Group): number {
  return groupName(a.first) < groupName(b.first) ? -1 : 1;
}

/** The known costs of distinct resources; `undefined` when none is known. */
export function costOf(arns: Iterable<string>, costs: ReadonlyMap<string, string> | undefined): Big | undefined {
  let sum: Big | undefined;
  for (const arn of arns) {
    const cost = parseAmount(costs?.get(arn));
    if (cost !== undefined) sum = (sum ?? ZERO).plus(cost);
  }
  return sum;
}

function describe(group: Group, of: number, index: ResourceIndex, policy: CompiledPolicy): string {
  const { kind, tag, type, region, found, suggestion, current_value, allowed_values, expected } = group.first;
  const where = `${group.arns.size} of ${of} ${type} in ${region}`;
  switch (kind) {
    case 'missing_required_tag':
      return `${tag} is missing on ${where}: ${waysToSet(group, index, policy)}.`;
    case 'near_miss_key':
      return `${where} have the key "${found}" where ${tag} is meant: rename it, the values can stay.`;
    case 'near_miss_value':
      return `${tag} is "${current_value}" on ${where}: change it to "${suggestion}".`;
    case 'invalid_value':
      return `${tag} has a value that the policy does not allow on ${where}: use ${someOf(allowed_values) || expected}.`;
    case 'invalid_format':
      return `${tag} does not have the right form on ${where}: use ${expected}.`;
    case 'prohibited_key':
      return `${where} have a key that is prohibited (${tag}): remove it.`;
    case 'too_many_tags':
      return `${where} have more tags than AWS guarantees to keep (${expected}): remove unused ones.`;
  }
}

/** Parents that many resources share say little about the owner of one of them: no tags are copied from them. */
const SHARED_PLACES = new Set(['ec2:vpc', 'ec2:subnet', 'ec2:security-group']);

const PARENT_NAMES: Readonly<Record<string, string>> = {
  'ec2:instance': 'the attached instance',
  'ec2:volume': 'the volume that it was taken of',
  'ecs:cluster': 'the cluster that it runs in',
  'rds:cluster': 'the cluster that it belongs to',
};

function waysToSet(group: Group, index: ResourceIndex, policy: CompiledPolicy): string {
  const found = [...group.arns].map((arn) => taggedParent(arn, group.first.tag, index, policy)).filter((parent) => parent !== undefined);
  const [first] = found;
  const parents = found.filter(({ type }) => type === first?.type);
  if (first === undefined) return 'set it in the template or pipeline that creates them, then tag these';
  const name = PARENT_NAMES[first.type] ?? `the ${first.type} that it belongs to`;
  const rest = group.arns.size - parents.length;
  return rest === 0 ? `copy it from ${name}` : `copy it from ${name}, which has it for ${parents.length}; tag the other ${rest} by hand`;
}

/** The nearest parent that has the tag with a value that would be right for its child. */
function taggedParent(arn: string, tag: string, index: ResourceIndex, policy: CompiledPolicy): Resource | undefined {
  const resource = index.find(arn);
  if (resource === undefined) return undefined;
  const values = policy.rulesFor(resource.type).find(({ rule }) => rule.name === tag)?.values;
  return index.parentsOf(resource).find((parent) => {
    const value = parent.tags[tag];
    return !SHARED_PLACES.has(parent.type) && value !== undefined && values?.faultOf(value) === undefined;
  });
}
