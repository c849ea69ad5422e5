import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateOrganization, type Organization, type OrganizationResource, RESOURCE_TYPES, resourcesOf } from './index.ts';

const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });

/** Ids and ARNs that a resource's attributes refer to. A snapshot's volume may be gone, so that it is not among them. */
function references(resource: OrganizationResource): (string | undefined)[] {
  switch (resource.type) {
    case 'ec2:subnet':
    case 'ec2:security-group':
      return [resource.attributes.vpc];
    case 'ec2:instance': {
      const { vpc, subnet, securityGroups, networkInterface, rootVolume } = resource.attributes;
      return [vpc, subnet, ...securityGroups, networkInterface, rootVolume];
    }
    case 'ec2:volume':
      return [resource.attributes.instance];
    case 'ec2:natgateway':
      return [resource.attributes.vpc, resource.attributes.subnet, resource.attributes.networkInterface];
    case 'ec2:network-interface':
      return [resource.attributes.vpc, resource.attributes.subnet, ...resource.attributes.securityGroups, resource.attributes.instance];
    case 'rds:db':
      return [resource.attributes.vpc, ...resource.attributes.subnets, ...resource.attributes.securityGroups, resource.attributes.cluster];
    case 'rds:cluster':
      return [resource.attributes.vpc, ...resource.attributes.subnets, ...resource.attributes.members];
    case 'lambda:function':
      return [resource.attributes.vpc, ...resource.attributes.subnets];
    case 'ecs:service':
      return [resource.attributes.cluster, resource.attributes.targetGroup, ...resource.attributes.subnets];
    case 'elasticloadbalancing:loadbalancer':
      return [resource.attributes.vpc, ...resource.attributes.subnets, ...resource.attributes.securityGroups];
    case 'elasticloadbalancing:targetgroup':
      return [resource.attributes.vpc, resource.attributes.loadBalancer];
    case 'sqs:queue':
      return [resource.attributes.deadLetterQueue];
    default:
      return [];
  }
}

/** ARNs of IAM principals and instance profiles that a resource refers to. */
function principals(resource: OrganizationResource): (string | undefined)[] {
  const own = [resource.createdBy];
  if (resource.type === 'lambda:function') return [...own, resource.attributes.role];
  if (resource.type === 'ecs:service') return [...own, resource.attributes.taskRole];
  return resource.type === 'ec2:instance' ? [...own, resource.attributes.instanceProfile] : own;
}

function expectResolved(organization: Organization): void {
  const there = new Set(
    organization.resources.flatMap(({ id, arn, account, region }) => [`${account}/${region}/${id}`, `${account}/${region}/${arn}`]),
  );
  const people = new Set(organization.principals.flatMap(({ arn, instanceProfile }) => [arn, instanceProfile]));
  for (const resource of organization.resources) {
    for (const reference of [...references(resource), ...resource.parents]) {
      if (reference !== undefined) expect(there, resource.arn).toContain(`${resource.account}/${resource.region}/${reference}`);
    }
    for (const arn of principals(resource)) if (arn !== undefined) expect(people).toContain(arn);
  }
}

describe('generateOrganization', () => {
  it('gives the same organization for the same options, and another for another seed', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 300 }), (seed, size) => {
        const organization = generateOrganization({ seed, size });
        expect(generateOrganization({ seed, size })).toEqual(organization);
        expect(generateOrganization({ seed: seed + 1, size }).resources[0]?.arn).not.toBe(organization.resources[0]?.arn);
      }),
      { numRuns: 20 },
    );
  });

  it('has exactly the requested number of resources, each with its own ARN and true tags', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 700 }), (seed, size) => {
        const { resources, truth } = generateOrganization({ seed, size });
        expect(resources).toHaveLength(size);
        expect(new Set(resources.map(({ arn }) => arn)).size).toBe(size);
        expect([...truth.keys()]).toEqual(resources.map(({ arn }) => arn));
      }),
      { numRuns: 30 },
    );
  });

  it('refers only to resources that exist in the same account and region', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 500 }), (seed, size) => expectResolved(generateOrganization({ seed, size }))),
      { numRuns: 20 },
    );
  });

  it('creates nothing before its parents, nor in the future', () => {
    const { resources, now } = generateOrganization({ seed: 5 });
    const born = new Map(resources.flatMap(({ id, arn, createdAt }) => [[id, createdAt] as const, [arn, createdAt] as const]));
    for (const { createdAt, parents } of resources) {
      expect(createdAt < now).toBe(true);
      for (const parent of parents) expect(createdAt >= (born.get(parent) ?? '')).toBe(true);
    }
  });

  it('has every type at its default size, in several accounts and regions', () => {
    const organization = generateOrganization();
    for (const type of RESOURCE_TYPES) expect(resourcesOf(organization, type).length, type).toBeGreaterThan(0);
    expect(new Set(organization.resources.map(({ account }) => account)).size).toBeGreaterThanOrEqual(5);
    expect(organization.regions.length).toBeGreaterThanOrEqual(3);
    const accounts = organization.accounts.map(({ id }) => id);
    for (const { account, region } of organization.resources) {
      expect(accounts).toContain(account);
      expect([...organization.regions, 'global']).toContain(region);
    }
  });

  it('attaches a root volume and an interface to every instance at its default size', () => {
    const organization = generateOrganization();
    for (const { attributes } of resourcesOf(organization, 'ec2:instance')) {
      expect(attributes.networkInterface).toBeDefined();
      expect(attributes.rootVolume).toBeDefined();
    }
  });

  it('keeps names within the lengths that AWS allows', () => {
    const longest = {
      'elasticloadbalancing:loadbalancer': 32,
      'elasticloadbalancing:targetgroup': 32,
      's3:bucket': 63,
      'lambda:function': 64,
      'rds:db': 63,
      'sqs:queue': 80,
    };
    const organization = generateOrganization({ seed: 9, size: 20_000 });
    for (const { type, name } of organization.resources) {
      const most = type in longest ? longest[type as keyof typeof longest] : 256;
      expect(name.length).toBeLessThanOrEqual(most);
    }
  });

  it('generates 100,000 resources whose references are still valid', () => {
    const organization = generateOrganization({ seed: 2, size: 100_000 });
    const known = new Set(organization.resources.flatMap(({ id, arn }) => [id, arn]));
    expect(new Set(organization.resources.map(({ arn }) => arn)).size).toBe(100_000);
    expect(organization.resources.every(({ parents }) => parents.every((parent) => known.has(parent)))).toBe(true);
  });

  it('rejects a size that is not a whole number of at least 1', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => generateOrganization({ size })).toThrow(RangeError);
    expect(() => generateOrganization({ now: 'yesterday' })).toThrow(RangeError);
  });
});
