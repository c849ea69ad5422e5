import type { Account, IamPrincipal, Organization, Tags } from '@fairway-mcp/aws-sample';
import type { AnyType, Resource, ResourceOfType } from './resources.ts';

/** What a resource becomes once it has been read so many times. */
interface Transition {
  readsLeft: number;
  settle: (resource: Resource) => Resource;
}

/**
 * The organization as this emulator's writes have left it, arranged as services look into it: by account, region and type.
 * Resources are replaced, never changed, so that emulators can be given the same organization and share nothing.
 */
export class State {
  /** As it was given: what Cost Explorer bills, since usage before a write keeps the tags that it had. */
  readonly organization: Organization;
  readonly management: Account;
  readonly #transitionReads: number;
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #principals: ReadonlyMap<string, IamPrincipal>;
  readonly #transitions = new Map<string, Transition>();
  readonly #answers = new Map<string, { parameters: string; answer: object }>();
  #byArn = new Map<string, Resource>();
  /** ARNs, by account and region, and by account, region and type. */
  #places = new Map<string, string[]>();
  /** Resources of a place, until one of them changes. */
  readonly #lists = new Map<string, Resource[]>();

  /** @param transitionReads how many reads still show a resource in its passing state, such as `creating`. */
  constructor(organization: Organization, transitionReads: number) {
    const [management] = organization.accounts;
    if (management === undefined) throw new RangeError('an organization needs at least one account');
    this.organization = organization;
    this.management = management;
    this.#transitionReads = transitionReads;
    this.#accounts = new Map(organization.accounts.map((account) => [account.id, account]));
    this.#principals = new Map(organization.principals.map((principal) => [principal.arn, principal]));
    this.reset();
  }

  /** Undoes every write. */
  reset(): void {
    this.#byArn = new Map();
    this.#places = new Map();
    this.#lists.clear();
    this.#transitions.clear();
    this.#answers.clear();
    for (const resource of this.organization.resources) this.#insert(resource);
  }

  account(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  principal(arn: string): IamPrincipal | undefined {
    return this.#principals.get(arn);
  }

  /** Everything in one region of one account; `global` for what has no region. */
  at(account: string, region: string): readonly Resource[] {
    return this.#list(`${account}/${region}`);
  }

  of<T extends AnyType>(account: string, region: string, type: T): readonly ResourceOfType<T>[] {
    // The key holds the type.
    return this.#list(`${account}/${region}/${type}`) as ResourceOfType<T>[];
  }

  /** All of one type in an account, region by region. */
  inAllRegions<T extends AnyType>(account: string, type: T): readonly ResourceOfType<T>[] {
    return this.organization.regions.flatMap((region) => this.of(account, region, type));
  }

  byArn(arn: string): Resource | undefined {
    return this.#byArn.get(arn);
  }

  add(resource: Resource): void {
    if (this.#byArn.has(resource.arn)) throw new RangeError(`there is already a resource ${resource.arn}`);
    this.#insert(resource);
  }

  remove({ arn }: Pick<Resource, 'arn'>): void {
    const resource = this.#byArn.get(arn);
    if (resource === undefined) return;
    for (const key of placesOf(resource)) {
      this.#places.set(key, this.#places.get(key)?.filter((other) => other !== arn) ?? []);
      this.#lists.delete(key);
    }
    this.#byArn.delete(arn);
    this.#transitions.delete(arn);
  }

  /** Puts another version of a resource in its place. Its ARN, type, account and region stay. */
  replace(resource: Resource): void {
    if (!this.#byArn.has(resource.arn)) throw new RangeError(`there is no resource ${resource.arn}`);
    this.#byArn.set(resource.arn, resource);
    for (const key of placesOf(resource)) this.#lists.delete(key);
  }

  setTags(arn: string, tags: Tags): void {
    const resource = this.#byArn.get(arn);
    if (resource === undefined) throw new RangeError(`there is no resource ${arn}`);
    this.replace({ ...resource, tags });
  }

  /** Puts a resource into a passing state, out of which reads take it: see {@link read}. */
  startTransition(passing: Resource, settle: (resource: Resource) => Resource): void {
    this.#transitions.delete(passing.arn);
    if (this.#transitionReads <= 0) return this.replace(settle(passing));
    this.replace(passing);
    this.#transitions.set(passing.arn, { readsLeft: this.#transitionReads, settle });
  }

  /** Counts a read of these resources' states. Call it before they are listed. */
  read(arns: Iterable<string>): void {
    if (this.#transitions.size === 0) return;
    for (const arn of arns) {
      const transition = this.#transitions.get(arn);
      const resource = this.#byArn.get(arn);
      if (transition === undefined || resource === undefined) continue;
      transition.readsLeft -= 1;
      if (transition.readsLeft >= 0) continue;
      this.#transitions.delete(arn);
      this.replace(transition.settle(resource));
    }
  }

  /**
   * The answer of a write that clients may repeat with one token: the same parameters get the first answer and have no further effect.
   * @param scope names operation, account and region. @param parameters all of the request but the token.
   * @param mismatch the service's error for a token that was used with other parameters.
   */
  once<A extends object>(
    { scope, token, parameters }: { scope: string; token: string | undefined; parameters: string },
    mismatch: () => Error,
    write: () => A,
  ): A {
    if (token === undefined) return write();
    const key = JSON.stringify([scope, token]);
    const known = this.#answers.get(key);
    if (known !== undefined && known.parameters !== parameters) throw mismatch();
    // The scope names one operation, and an operation has one kind of answer.
    if (known !== undefined) return known.answer as A;
    const answer = write();
    this.#answers.set(key, { parameters, answer });
    return answer;
  }

  #insert(resource: Resource): void {
    this.#byArn.set(resource.arn, resource);
    for (const key of placesOf(resource)) {
      const arns = this.#places.get(key);
      if (arns === undefined) this.#places.set(key, [resource.arn]);
      else arns.push(resource.arn);
      this.#lists.delete(key);
    }
  }

  #list(key: string): Resource[] {
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const list = (this.#places.get(key) ?? []).flatMap((arn) => this.#byArn.get(arn) ?? []);
    this.#lists.set(key, list);
    return list;
  }
}

function placesOf({ account, region, type }: Resource): [string, string] {
  return [`${account}/${region}`, `${account}/${region}/${type}`];
}
