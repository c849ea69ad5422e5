import type { AttributesOf } from './attributes.ts';
import type { ResourceType } from './resource-types.ts';

export type Tags = Readonly<Record<string, string>>;

/** How a resource's spend varies from day to day; see `cost.ts`. */
export interface CostShape {
  /** 1e-10 USD for each point of a day's load; a usual day has about 100 points. */
  unit: number;
  /** Which of the load curves it follows. */
  curve: number;
  /** By how many weeks the curve is shifted, so that not everything peaks at once. */
  shift: number;
}

export interface ResourceBase {
  /** Unique within the organization. */
  arn: string;
  /** What the service calls it: `i-0…`, `vpc-0…`, or the name where that is the identifier (bucket, function, table, queue). */
  id: string;
  /** Its name; the id where it has none. */
  name: string;
  /** 12 digits. */
  account: string;
  /** Region code; `global` for what has no region. */
  region: string;
  /** All tags it has now, `aws:` ones included. `{}`: it once had tags and has none now. `undefined`: it was never tagged. */
  tags: Tags | undefined;
  /** ISO instant. Not every service returns it. */
  createdAt: string;
  /** What contains it or what it is attached to, nearest first: ids of EC2 resources, ARNs of all others. Each is in the organization. */
  parents: readonly string[];
  /** ARN of the IAM user or role that created it, where that is known. It is a principal of the organization. */
  createdBy: string | undefined;
  /** `undefined`: it costs nothing. */
  cost: CostShape | undefined;
}

/** A resource of one type, with what its service returns about it. */
export type ResourceOf<T extends ResourceType> = ResourceBase & { type: T; attributes: AttributesOf[T] };

/** Any resource: narrowing `type` narrows `attributes`. */
export type OrganizationResource = { [T in ResourceType]: ResourceOf<T> }[ResourceType];

/** An IAM user or role. Principals are not resources of the organization: the Tagging API does not list them. */
export interface IamPrincipal {
  kind: 'user' | 'role';
  arn: string;
  /** `AIDA…` or `AROA…`. */
  id: string;
  name: string;
  account: string;
  createdAt: string;
  tags: Tags;
  /** ARN of the instance profile that carries the role. */
  instanceProfile: string | undefined;
}

export interface Account {
  id: string;
  name: string;
  alias: string;
  email: string;
  joinedAt: string;
}

/** Spend that belongs to no resource: tax, support, data transfer. */
export interface SharedCharge {
  account: string;
  /** A region code, or `NoRegion`. */
  region: string;
  /** As Cost Explorer names it. */
  service: string;
  usageType: string;
  recordType: 'Usage' | 'Tax' | 'Support';
  /** Charged every day, or all at once on the first day of a month. */
  rhythm: 'daily' | 'monthly';
  cost: CostShape;
}

/** What was done to a resource's tags; `none`: they are all right. */
export type TagFlaw = 'none' | 'missing' | 'misspelt_key' | 'wrong_value' | 'emptied' | 'never_tagged';

/** What a resource's tags should be. For measuring answers against; no emulator may serve it. */
export interface Truth {
  tags: Tags;
  flaw: TagFlaw;
}

export interface Organization {
  seed: number;
  size: number;
  /** The present as an ISO instant: everything was created before. */
  now: string;
  organizationId: string;
  /** The first is the organization's management account. */
  accounts: readonly Account[];
  /** Regions with resources, in alphabetical order. */
  regions: readonly string[];
  resources: readonly OrganizationResource[];
  principals: readonly IamPrincipal[];
  sharedCharges: readonly SharedCharge[];
  /** Tag keys that are activated for cost allocation. Cost Explorer shows no others. */
  costAllocationTags: readonly string[];
  /** The true tags of every resource, by ARN. */
  truth: ReadonlyMap<string, Truth>;
}

/** All resources of one type, in the order of the organization. */
export function resourcesOf<T extends ResourceType>(
  organization: Pick<Organization, 'resources'>,
  type: T,
): Extract<OrganizationResource, { type: T }>[] {
  return organization.resources.filter((resource): resource is Extract<OrganizationResource, { type: T }> => resource.type === type);
}
