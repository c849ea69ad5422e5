import type { Account, Estate, EstateResource, Principal, ResourceType } from '@fairway-mcp/aws-sample';

/** An estate, arranged as services look into it: by account, region and type. */
export class EstateIndex {
  readonly estate: Estate;
  readonly management: Account;
  readonly #byPlace: ReadonlyMap<string, EstateResource[]>;
  readonly #byType: ReadonlyMap<string, EstateResource[]>;
  readonly #byArn: ReadonlyMap<string, EstateResource>;
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #principals: ReadonlyMap<string, Principal>;

  constructor(estate: Estate) {
    const [management] = estate.accounts;
    if (management === undefined) throw new RangeError('an estate needs at least one account');
    this.estate = estate;
    this.management = management;
    this.#byPlace = Map.groupBy(estate.resources, ({ account, region }) => `${account}/${region}`);
    this.#byType = Map.groupBy(estate.resources, ({ account, region, type }) => `${account}/${region}/${type}`);
    this.#byArn = new Map(estate.resources.map((resource) => [resource.arn, resource]));
    this.#accounts = new Map(estate.accounts.map((account) => [account.id, account]));
    this.#principals = new Map(estate.principals.map((principal) => [principal.arn, principal]));
  }

  account(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  principal(arn: string): Principal | undefined {
    return this.#principals.get(arn);
  }

  /** Everything in one region of one account; `global` for what has no region. */
  at(account: string, region: string): readonly EstateResource[] {
    return this.#byPlace.get(`${account}/${region}`) ?? [];
  }

  of<T extends ResourceType>(account: string, region: string, type: T): readonly Extract<EstateResource, { type: T }>[] {
    // The key holds the type.
    return (this.#byType.get(`${account}/${region}/${type}`) ?? []) as Extract<EstateResource, { type: T }>[];
  }

  /** All of one type in an account, region by region. */
  inAllRegions<T extends ResourceType>(account: string, type: T): readonly Extract<EstateResource, { type: T }>[] {
    return this.estate.regions.flatMap((region) => this.of(account, region, type));
  }

  byArn(arn: string): EstateResource | undefined {
    return this.#byArn.get(arn);
  }
}
