import { type Organization, type OrganizationResource, sampleTagPolicy } from '@fairway-mcp/aws-sample';
import type { Resource } from '../src/inventory/resource.ts';
import type { Surroundings } from '../src/inventory/source.ts';
import { type CompiledPolicy, compilePolicy } from '../src/policy/compile-policy.ts';
import { readPolicy } from '../src/policy/read-policy.ts';
import { type Learned, suggestTags } from '../src/suggestions/suggest-tags.ts';

/** A required tag that a resource lacks or has wrong, and what was suggested for it. */
export interface Trial {
  key: string;
  truth: string;
  /** Undefined: nothing was sure enough. */
  answer: { value: string; confidence: number } | undefined;
}

/** What is known: everything around a resource; its ARN alone; everything, but nine of ten resources have lost all their tags. */
export const VIEWS = ['with surroundings', 'ARN alone', 'with surroundings, barely tagged'] as const;
export type View = (typeof VIEWS)[number];

function toResource({ arn, type, account, region, name, tags, createdAt, parents }: OrganizationResource): Resource {
  return { arn, type, account, region, name, tags: tags ?? {}, createdAt, parents };
}

export function toResources(organization: Organization, view: View): Resource[] {
  const strip = view === 'with surroundings, barely tagged';
  return organization.resources
    .map(toResource)
    .map((resource, index) => (strip && index % 10 !== 3 ? { ...resource, tags: {} } : resource));
}

/** Who made it, and the role that its attributes name, as a source could find out. */
function principalsOf(organization: Organization, resource: OrganizationResource): Surroundings['principals'] {
  const byArn = new Map(
    organization.principals.flatMap((principal) => [
      [principal.arn, principal] as const,
      [principal.instanceProfile ?? principal.arn, principal] as const,
    ]),
  );
  const runsAs = Object.values(resource.attributes).find((value) => typeof value === 'string' && byArn.has(value));
  const relations = [[resource.createdBy, 'created by'] as const, [typeof runsAs === 'string' ? runsAs : undefined, 'runs as'] as const];
  return relations.flatMap(([arn, relation]) => {
    const principal = byArn.get(arn ?? '');
    return principal === undefined ? [] : [{ arn: principal.arn, relation, tags: principal.tags }];
  });
}

export function trialsOn(
  organization: Organization,
  resources: readonly Resource[],
  policy: CompiledPolicy,
  learned: Learned,
  view: View,
): Trial[] {
  return resources.flatMap((resource, index) => {
    const isKnown = view !== 'ARN alone';
    const original = organization.resources[index];
    const principals = isKnown && original !== undefined ? principalsOf(organization, original) : [];
    const surroundings = { resource: isKnown ? resource : undefined, parents: [], principals };
    const { suggestions } = suggestTags({ arn: resource.arn, surroundings, learned, policy });
    const truth = organization.truth.get(resource.arn)?.tags ?? {};
    return wrongTags(resource, policy).map((key) => {
      return { key, truth: truth[key] ?? '', answer: suggestions.find((suggestion) => suggestion.key === key) };
    });
  });
}

function wrongTags(resource: Resource, policy: CompiledPolicy): string[] {
  const required = policy.rulesFor(resource.type).filter(({ isRequired }) => isRequired);
  return required
    .filter((rule) => rule.values.faultOf(policy.tagFor(rule, resource)?.value ?? '') !== undefined)
    .map(({ rule }) => rule.name);
}

export function samplePolicy(): CompiledPolicy {
  const reading = readPolicy(JSON.stringify(sampleTagPolicy), 'sample policy');
  if ('problems' in reading) throw new Error(reading.message);
  return compilePolicy(reading.policy);
}

/** How many of the suggestions of at least that confidence are right, and how many of all tags got the right one; of 1. */
export function qualityOf(trials: readonly Trial[], floor: number): { precision: number; recall: number } {
  const given = trials.filter(({ answer }) => (answer?.confidence ?? 0) >= floor);
  const right = given.filter(({ answer, truth }) => answer?.value === truth).length;
  return { precision: right / given.length, recall: right / trials.length };
}
