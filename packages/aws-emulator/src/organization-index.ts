import type { Account, IamPrincipal, Organization, OrganizationResource, ResourceType } from '@fairway-mcp/aws-sample';

/** An organization, arranged as services look into it: by account, region and type. */
export class OrganizationIndex {
  readonly organization: Organization;
  readonly management: Account;
  readonly #byPlace: ReadonlyMap<string, OrganizationResource[]>;
  readonly #byType: ReadonlyMap<string, OrganizationResource[]>;
  readonly #byArn: ReadonlyMap<string, OrganizationResource>;
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #principals: ReadonlyMap<string, IamPrincipal>;

  constructor(organization: Organization) {
    const [management] = organization.accounts;
    if (management === undefined) throw new RangeError('an organization needs at least one account');
    this.organization = organization;
    this.management = management;
    this.#byPlace = Map.groupBy(organization.resources, ({ account, region }) => `${account}/${region}`);
    this.#byType = Map.groupBy(organization.resources, ({ account, region, type }) => `${account}/${region}/${type}`);
    this.#byArn = new Map(organization.resources.map((resource) => [resource.arn, resource]));
    this.#accounts = new Map(organization.accounts.map((account) => [account.id, account]));
    this.#principals = new Map(organization.principals.map((principal) => [principal.arn, principal]));
  }

  account(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  principal(arn: string): IamPrincipal | undefined {
    return this.#principals.get(arn);
  }

  /** Everything in one region of one account; `global` for what has no region. */
  at(account: string, region: string): readonly OrganizationResource[] {
    return this.#byPlace.get(`${account}/${region}`) ?? [];
  }

  of<T extends ResourceType>(account: string, region: string, type: T): readonly Extract<OrganizationResource, { type: T }>[] {
    // The key holds the type.
    return (this.#byType.get(`${account}/${region}/${type}`) ?? []) as Extract<OrganizationResource, { type: T }>[];
  }

  /** All of one type in an account, region by region. */
  inAllRegions<T extends ResourceType>(account: string, type: T): readonly Extract<OrganizationResource, { type: T }>[] {
    return this.organization.regions.flatMap((region) => this.of(account, region, type));
  }

  byArn(arn: string): OrganizationResource | undefined {
    return this.#byArn.get(arn);
  }
}
