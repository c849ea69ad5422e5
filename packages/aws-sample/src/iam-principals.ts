import { ACCOUNT_PLANS, type AccountPlan, ownerOf, teamsOf } from './company.ts';
import type { Random } from './random.ts';
import type { IamPrincipal, Tags } from './types.ts';
import type { OwnedWorkload, Workload } from './workload.ts';

/** The day on which the company opened its accounts, before anything in them. */
const FOUNDED_DAYS_BEFORE = 4 * 365 + 60;
const DAY_MS = 86_400_000;

/** The IAM users and roles of every account. Principals are listed in the order in which they are first needed. */
export class PrincipalDirectory {
  readonly principals: IamPrincipal[] = [];
  readonly #random: Random;
  readonly #createdAt: string;
  readonly #byName = new Map<string, IamPrincipal>();

  constructor(random: Random, now: number) {
    this.#random = random;
    this.#createdAt = new Date(now - FOUNDED_DAYS_BEFORE * DAY_MS).toISOString();
    for (const plan of ACCOUNT_PLANS) this.#addAccount(plan);
  }

  /** The workload with its role, and with the users and roles that may create its resources. */
  addPrincipals(workload: Workload): OwnedWorkload {
    const { account, stem, truth, team } = workload;
    const tags = this.#random.chance(0.85) ? truth.plain : this.#random.chance(0.5) ? { Owner: truth.plain.Owner ?? '' } : {};
    const role = this.#ensure('role', account, `${stem}-role`, tags);
    const people = team.people.map((name) => this.#ensure('user', account, name, userTags(team)));
    return { ...workload, role, makers: [...people, this.#ensure('role', account, 'ci-deployer', {})] };
  }

  #addAccount(plan: AccountPlan): void {
    this.#ensure('role', plan.id, 'ci-deployer', { ManagedBy: 'terraform' });
    for (const team of teamsOf(plan)) for (const name of team.people) this.#ensure('user', plan.id, name, userTags(team));
  }

  #ensure(kind: IamPrincipal['kind'], account: string, name: string, tags: Tags): IamPrincipal {
    const key = `${account}/${kind}/${name}`;
    const known = this.#byName.get(key);
    if (known !== undefined) return known;
    const principal: IamPrincipal = {
      kind,
      arn: `arn:aws:iam::${account}:${kind}/${name}`,
      id: `${kind === 'user' ? 'AIDA' : 'AROA'}${this.#random.base32(17)}`,
      name,
      account,
      createdAt: this.#createdAt,
      tags,
      instanceProfile: kind === 'role' && name.endsWith('-role') ? `arn:aws:iam::${account}:instance-profile/${name}` : undefined,
    };
    this.#byName.set(key, principal);
    this.principals.push(principal);
    return principal;
  }
}

function userTags(team: Parameters<typeof ownerOf>[0]): Tags {
  return { Team: team.name, Owner: ownerOf(team), CostCenter: team.costCenter };
}
